/** Where somebody stands in the queue, when they may start, and what they wait for: told, never decided upon. */
import { dispatch as d, type task as t } from '#libs/contracts';
import { type Blockage, blockageOf, blockageOfAccount } from './blockage.js';
import type { Execution } from './execution.js';
import type { AccountQueue, Band } from './lane.js';
import { AGE_BUCKET_MS } from './limits.js';
import { NAMED } from './line.js';
import { whyUnplaced } from './placement.js';
import { classOf } from './rank.js';
import { shareOf } from './release.js';
import type { DispatchState } from './state.js';

export interface Standing {
  /** How many go before it, if nobody else came. */
  readonly position: number;
  /** 0: it can't be told. */
  readonly estimatedStartMs: number;
  /** Undefined: it was given to a worker. */
  readonly waitsFor: Omit<Blockage, 'blocker'> | undefined;
}

const { WaitCause } = d;

export function standingOf(state: DispatchState, execution: Execution, nowMs: number): Standing {
  if (execution.phase === 'waiting') {
    const untilMs = execution.waitUntilMs;
    const waitsFor = { cause: WaitCause.INSTANT, untilMs };
    return { position: 0, estimatedStartMs: untilMs, waitsFor };
  }
  const ticket = state.line.ticketOf(execution.id);
  const queue = state.line.laneOf(execution.id)?.band.queue;
  if (ticket === undefined || queue === undefined)
    return { position: 0, estimatedStartMs: 0, waitsFor: undefined };
  const position = aheadOf(state, queue, execution.priority, ticket.queuedAtMs, nowMs);
  const waitsFor = waitOf(state, queue, execution, nowMs);
  const estimatedStartMs = estimateOf(state, execution, { position, waitsFor, nowMs });
  return { position, estimatedStartMs, waitsFor };
}

/**
 * Everybody of a higher class, those of the same account and class who came earlier, and of each other
 * account as many of that class as it gets before it has as large a share.
 */
function aheadOf(
  state: DispatchState,
  own: AccountQueue,
  priority: t.Priority,
  queuedAtMs: number,
  nowMs: number,
): number {
  const ownClass = classOf(priority, queuedAtMs, nowMs);
  const before = (band: Band) => inClass(band, { ownClass, queuedAtMs, nowMs });
  let ahead = 0;
  let ownEarlier = 0;
  const others: { queue: AccountQueue; same: number }[] = [];
  for (const queue of state.line.pools.get(own.pool)?.values() ?? []) {
    let same = 0;
    for (const band of queue.bands) {
      if (band.depth === 0) continue;
      const counts = before(band);
      ahead += counts.higher;
      same += queue === own ? counts.sameEarlier : counts.same;
    }
    if (queue === own) ownEarlier = same;
    else if (same > 0) others.push({ queue, same });
  }
  // Itself is among those of its age.
  const earlier = Math.max(0, ownEarlier - 1);
  const weight = (queue: AccountQueue) => state.definitions.accountLimits(queue.account).weight;
  const share = shareOf(state, own) + earlier / weight(own);
  for (const { queue, same } of others) {
    const gets = Math.ceil((share - shareOf(state, queue)) * weight(queue));
    ahead += Math.min(same, Math.max(0, gets));
  }
  return ahead + earlier;
}

function inClass(
  { ages, priority }: Band,
  of: { ownClass: number; queuedAtMs: number; nowMs: number },
): { higher: number; same: number; sameEarlier: number } {
  const ownAge = Math.floor(of.queuedAtMs / AGE_BUCKET_MS);
  const counts = { higher: 0, same: 0, sameEarlier: 0 };
  for (const [age, count] of ages) {
    const theirs = classOf(priority, age * AGE_BUCKET_MS, of.nowMs);
    if (theirs > of.ownClass) counts.higher += count;
    else if (theirs === of.ownClass) {
      counts.same += count;
      if (age <= ownAge) counts.sameEarlier += count;
    }
  }
  return counts;
}

function waitOf(
  state: DispatchState,
  queue: AccountQueue,
  execution: Execution,
  nowMs: number,
): Omit<Blockage, 'blocker'> {
  const blockage = blockageOfAccount(state, queue) ?? blockageOf(state, execution, nowMs);
  if (blockage !== undefined) return blockage;
  const unplaced = whyUnplaced(state, execution);
  const lacksWorker = unplaced === 'no-worker' || unplaced === 'labels-missing';
  return { cause: lacksWorker ? WaitCause.WORKER : WaitCause.SLOT };
}

/** From the durations seen: as many go at a time as there are slots, or as the limit in the way lets. */
function estimateOf(
  state: DispatchState,
  execution: Execution,
  {
    position,
    waitsFor,
    nowMs,
  }: { position: number; waitsFor: Omit<Blockage, 'blocker'>; nowMs: number },
): number {
  const { pool } = execution.spec;
  const { cause, untilMs = Number.POSITIVE_INFINITY } = waitsFor;
  if (cause === WaitCause.POOL_PAUSED || cause === WaitCause.WORKER) return 0;
  if (cause === WaitCause.MAINTENANCE && untilMs === Number.POSITIVE_INFINITY) return 0;
  const slots = state.fleet.slots(pool);
  if (slots === 0) return 0;
  const meanMs = state.meanDurationMs(pool);
  const beyondFree = position - state.freeSlots(pool) + 1;
  let startMs = nowMs + (Math.max(0, beyondFree) * meanMs) / slots;
  if (cause === WaitCause.RATE || cause === WaitCause.MAINTENANCE)
    startMs = Math.max(startMs, untilMs);
  for (const [place, usage] of state.line.usagesOf(execution.id).entries()) {
    const use = execution.limits[place - NAMED];
    const rule = use && state.definitions.limit(execution.account, use.limitId);
    if (usage === undefined || rule === undefined) continue;
    const earlier = Math.min(position, Math.max(0, usage.waiting - 1));
    if (rule.rate) startMs = Math.max(startMs, usage.releases.nextMs(rule.rate, earlier));
    const { maxConcurrent: bound } = rule;
    const over = earlier + usage.active - bound + 1;
    if (bound > 0 && over > 0) startMs = Math.max(startMs, nowMs + (over * meanMs) / bound);
  }
  const { used = 0, bound = 0 } = waitsFor;
  if (bound > 0 && used >= bound) startMs = Math.max(startMs, nowMs + meanMs / bound);
  return Math.round(startMs);
}
