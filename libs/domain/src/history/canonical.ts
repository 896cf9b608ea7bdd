/**
 * What a world means, as JSON that is equal when the meaning is: for golden logs and comparisons. It
 * says what is decided next and why, and nothing of how that is kept in memory, which may change.
 */
import type { Execution } from '../dispatch/execution.js';
import type { DispatchState } from '../dispatch/state.js';
import type { Member } from '../tick/group.js';
import type { OwedSlot, TickPlan } from '../tick/plan.js';
import type { Shard, World } from './world.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export function canonicalWorld({ definitions, shards }: World): Json {
  return canonical({
    definitions: [...definitions].map(([key, state]) => ({ key, state })),
    shards: shards.map(viewOfShard),
  });
}

function viewOfShard({ plan, dispatch, tickHead, dispatchHead }: Shard): unknown {
  return { tick: viewOfPlan(plan), tickHead, dispatch: viewOfDispatch(dispatch), dispatchHead };
}

function viewOfPlan(plan: TickPlan): unknown {
  const groups = plan
    .dueGroups(Number.POSITIVE_INFINITY)
    .filter((group) => group.size > 0)
    .map((group) => ({
      timing: group.timing,
      nextMs: group.nextMs,
      members: group.byKey().map(viewOfMember),
    }))
    .sort((one, other) => (JSON.stringify(one.timing) < JSON.stringify(other.timing) ? -1 : 1));
  return { watermark: plan.watermark, owed: plan.owed.map(viewOfOwed), groups };
}

function viewOfOwed({ member, slot, untilMs }: OwedSlot): unknown {
  return { member: viewOfMember(member), slot, untilMs };
}

function viewOfMember({ key, account, paused, sinceMs, untilMs, schedule }: Member): unknown {
  return { key, account, paused, sinceMs, untilMs, revision: schedule.revision };
}

function viewOfDispatch(state: DispatchState): unknown {
  const { executions, line, fleet, commands, fence, ticks, attempts } = state;
  return {
    executions: [...executions.values()].map(viewOfExecution),
    queues: [...line.pools.keys()].sort().map((pool) => ({ pool, waiting: line.waitingIn(pool) })),
    workers: fleet.all().map(({ id, slots, labels, draining }) => ({
      id,
      slots: [...slots],
      labels: [...labels],
      draining,
      held: [...fleet.heldBy(id)],
    })),
    commands: [...commands.ids()],
    backfills: [...state.backfills.all()].map(({ id, next, paused, open }) => ({
      id,
      next,
      paused,
      open: [...open],
    })),
    deadLetters: [...state.deadLetters.all()].map(({ id }) => id),
    redrives: [...state.redrives.all()].map(({ id, next, nextAtMs, open }) => ({
      id,
      next,
      nextAtMs,
      open: [...open],
    })),
    failures: [...state.failures.values()].map(({ account, taskId, failedAtMs }) => ({
      account,
      taskId,
      failedAtMs,
    })),
    fence,
    ticks,
    attempts,
  };
}

function viewOfExecution(execution: Execution): unknown {
  const { id, account, spec, phase, attempt, fence, ended, failures, workerId } = execution;
  const { taskId, pool } = spec;
  return { id, account, taskId, pool, phase, attempt, fence, ended, failures, workerId };
}

/** Order counts in lists; keys of objects are sorted, and what is undefined is left out. */
function canonical(value: unknown): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(canonical);
  const kept = Object.entries(value ?? {}).filter(
    ([key, one]) => one !== undefined && key !== '$unknown',
  );
  kept.sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(kept.map(([key, one]) => [key, canonical(one)]));
}
