/** What stands between somebody who waits and a worker. */
import { dispatch as d } from '#libs/contracts';
import type { Execution } from '../execution.js';
import { isItsTurn } from '../overlap.js';
import type { DispatchState } from '../state.js';
import type { Blocker } from './blocker.js';
import type { AccountQueue } from './lane.js';
import { isHeldByMaintenance, isPaced } from './lane-key.js';
import { ACCOUNT, BROWSER, NAMED, POOL, TASK } from './line.js';

export interface Blockage {
  readonly cause: d.WaitCause;
  /** Where to wait until it may have gone. */
  readonly blocker: Blocker;
  readonly used?: number;
  readonly bound?: number;
  readonly limitId?: string;
  readonly limitName?: string;
  /** Infinity: not known. */
  readonly untilMs?: number;
  readonly reason?: string;
}

const { WaitCause } = d;

/** What holds everything of an account in a pool. */
export function blockageOfAccount(state: DispatchState, queue: AccountQueue): Blockage | undefined {
  const { account, inPool, inAll } = queue;
  const { name: pool } = queue.pool;
  const { definitions, line } = state;
  const { paused, reason, maxConcurrent } = definitions.pool(account, pool);
  if (paused) return { cause: WaitCause.POOL_PAUSED, blocker: line.word(account), reason };
  if (maxConcurrent > 0 && inPool.active >= maxConcurrent)
    return {
      cause: WaitCause.POOL_LIMIT,
      blocker: inPool.room,
      used: inPool.active,
      bound: maxConcurrent,
    };
  const { maxConcurrent: bound } = definitions.accountLimits(account);
  if (inAll.active < bound) return undefined;
  return { cause: WaitCause.ACCOUNT_LIMIT, blocker: inAll.room, used: inAll.active, bound };
}

/** What holds one execution, and everybody in its lane. */
export function blockageOf(
  state: DispatchState,
  execution: Execution,
  nowMs: number,
): Blockage | undefined {
  const { definitions, line } = state;
  const { account, spec, trigger } = execution;
  if (isHeldByMaintenance(trigger)) {
    const maintenance = definitions.maintenance.at(account, nowMs);
    if (maintenance !== undefined)
      return {
        cause: WaitCause.MAINTENANCE,
        blocker: line.word(account),
        untilMs: maintenance.untilMs,
      };
  }
  const under = line.usagesOf(execution.id);
  const ofTask = under[TASK];
  const bound = definitions.concurrencyLimit(account, spec.taskId);
  if (ofTask !== undefined && bound > 0 && ofTask.active >= bound)
    return { cause: WaitCause.TASK_LIMIT, blocker: ofTask.room, used: ofTask.active, bound };
  if (!isItsTurn(state, execution))
    return { cause: WaitCause.EARLIER_RUN, blocker: line.turn(execution) };
  const browser = under[BROWSER];
  const sessions = definitions.accountLimits(account).maxBrowserSessions;
  if (browser !== undefined && browser.active >= sessions)
    return {
      cause: WaitCause.BROWSER_LIMIT,
      blocker: browser.room,
      used: browser.active,
      bound: sessions,
    };
  for (let place = 0; place < execution.limits.length; place++) {
    const blockage = blockageOfLimit(state, execution, place, nowMs);
    if (blockage !== undefined) return blockage;
  }
  return undefined;
}

/** A named limit that was deleted since limits nothing. */
function blockageOfLimit(
  state: DispatchState,
  execution: Execution,
  place: number,
  nowMs: number,
): Blockage | undefined {
  const use = execution.limits[place] as d.LimitUse;
  const usage = state.line.usagesOf(execution.id)[NAMED + place];
  const rule = state.definitions.limit(execution.account, use.limitId);
  if (usage === undefined || rule === undefined) return undefined;
  const of = { limitId: use.limitId, limitName: rule.name };
  const { maxConcurrent: bound, rate, skips } = rule;
  if (bound > 0 && usage.active >= bound)
    return { ...of, cause: WaitCause.LIMIT, blocker: usage.room, used: usage.active, bound };
  if (rate === undefined || (skips && !isPaced(execution))) return undefined;
  const untilMs = usage.releases.nextMs(rate);
  if (untilMs <= nowMs) return undefined;
  const used = rate.count;
  return { ...of, cause: WaitCause.RATE, blocker: usage.pace, untilMs, used, bound: used };
}

/** Which of its limits a release fills, as the bits of AttemptReleased. */
export function filledBy(state: DispatchState, execution: Execution): number {
  const under = state.line.usagesOf(execution.id);
  let filled = 0;
  for (let place = 0; place < under.length; place++) {
    const usage = under[place];
    if (usage === undefined) continue;
    const bound = boundAt(state, execution, place);
    if (bound > 0 && usage.active + 1 >= bound) filled |= 1 << place;
  }
  return filled;
}

/** 0: no limit. */
function boundAt({ definitions }: DispatchState, execution: Execution, place: number): number {
  const { account, spec, limits } = execution;
  switch (place) {
    case TASK:
      return definitions.concurrencyLimit(account, spec.taskId);
    case ACCOUNT:
      return definitions.accountLimits(account).maxConcurrent;
    case POOL:
      return definitions.pool(account, spec.pool).maxConcurrent;
    case BROWSER:
      return definitions.accountLimits(account).maxBrowserSessions;
    default: {
      const use = limits[place - NAMED];
      return use ? (definitions.limit(account, use.limitId)?.maxConcurrent ?? 0) : 0;
    }
  }
}
