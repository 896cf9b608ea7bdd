/** Where somebody stands in the queue, when they may start, and what they wait for: told, never decided upon. */

import { dispatch as d, type task as t } from '#libs/contracts';
import type { Execution } from '../execution.js';
import { ACCOUNTS_COMPARED } from '../limits.js';
import { causeOfSnooze } from '../run/run-part.js';
import type { DispatchState } from '../state.js';
import { type Blockage, blockageOf, blockageOfAccount } from './blockage.js';
import type { AccountQueue, Ages } from './lane.js';
import { NAMED } from './line.js';
import { whyUnplaced } from './placement.js';
import { classOf } from './rank.js';
import { shareOf } from './release.js';

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
    const snoozed = execution.run?.snoozed;
    const cause = snoozed === undefined ? WaitCause.INSTANT : causeOfSnooze(snoozed);
    const estimatedStartMs = Number.isFinite(untilMs) ? untilMs : 0;
    return { position: 0, estimatedStartMs, waitsFor: { cause, untilMs } };
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
 * account as many of that class as it gets before it has as large a share. Where very many accounts
 * wait, all of that class: a bound, for whoever asks for a run waits for the answer.
 */
function aheadOf(
  state: DispatchState,
  own: AccountQueue,
  priority: t.Priority,
  queuedAtMs: number,
  nowMs: number,
): number {
  const at = { class: classOf(priority, queuedAtMs, nowMs), queuedAtMs, nowMs };
  const { higher, same } = inClass(own.pool.ages, at);
  const earlier = Math.max(0, inClass(agesOf(own), at).sameEarlier - 1);
  if (own.pool.accounts.size > ACCOUNTS_COMPARED) return higher + Math.max(earlier, same - 1);
  const weight = (queue: AccountQueue) => state.definitions.accountLimits(queue.account).weight;
  const share = shareOf(state, own) + earlier / weight(own);
  let ahead = higher + earlier;
  for (const queue of own.pool.accounts.values()) {
    if (queue === own) continue;
    const gets = Math.ceil((share - shareOf(state, queue)) * weight(queue));
    if (gets > 0) ahead += Math.min(gets, inClass(agesOf(queue), at).same);
  }
  return ahead;
}

function agesOf({ bands }: AccountQueue): readonly Ages[] {
  return bands.map(({ ages }) => ages);
}

function inClass(
  all: readonly Ages[],
  at: { class: number; queuedAtMs: number; nowMs: number },
): { higher: number; same: number; sameEarlier: number } {
  const counts = { higher: 0, same: 0, sameEarlier: 0 };
  for (const ages of all) {
    if (ages.depth === 0) continue;
    for (const [sinceMs, count] of ages.all()) {
      const theirs = classOf(ages.priority, sinceMs, at.nowMs);
      if (theirs > at.class) counts.higher += count;
      else if (theirs === at.class) {
        counts.same += count;
        if (sinceMs <= at.queuedAtMs) counts.sameEarlier += count;
      }
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
