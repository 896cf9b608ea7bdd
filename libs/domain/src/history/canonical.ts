/** States as texts that are equal when the states are: for golden logs and comparisons. */
import { PoolQueue } from '../dispatch/queue.js';
import type { Group, TickPlan } from '../tick/plan.js';
import type { World } from './world.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The whole world as JSON with its keys in order. */
export function canonicalWorld({ definitions, shards }: World): Json {
  return canonical({
    definitions,
    shards: shards.map(({ plan, dispatch, tickHead, dispatchHead }) => {
      const { definitions: _, ...rest } = dispatch;
      return { tick: viewOf(plan), tickHead, dispatch: rest, dispatchHead };
    }),
  });
}

/** What a plan shows of itself. Which groups are empty, and where they stand, is nobody's business. */
function viewOf(plan: TickPlan): unknown {
  const { watermark, owed } = plan;
  const groups = plan
    .dueGroups(Number.POSITIVE_INFINITY)
    .filter(({ members }) => members.size > 0)
    .map(({ timing, members, nextMs }: Group) => ({
      timing,
      nextMs,
      members: [...members.values()].sort((one, other) => (one.key < other.key ? -1 : 1)),
    }))
    .sort((one, other) => (JSON.stringify(one.timing) < JSON.stringify(other.timing) ? -1 : 1));
  return { watermark, owed, groups, nextDueMs: plan.nextDueMs() };
}

/** Sets and queues keep their order, which counts; keys of objects and maps are sorted. */
export function canonical(value: unknown): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Set) return [...value].map(canonical);
  if (value instanceof PoolQueue) return [...value.inOrder()];
  if (Array.isArray(value)) return value.map(canonical);
  const entries = value instanceof Map ? [...value] : Object.entries(value ?? {});
  const kept = entries.filter(([key, one]) => one !== undefined && key !== '$unknown');
  kept.sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
  return Object.fromEntries(kept.map(([key, one]) => [String(key), canonical(one)]));
}
