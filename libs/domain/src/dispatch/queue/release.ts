/**
 * The release: who of those that wait goes next. Candidates come in the order of the queue, limits say
 * who may, and placement says where to.
 *
 * A decision looks at the heads of lanes that are not parked. Who is found blocked is parked by what
 * blocks it, with everybody behind it, and is not looked at again before that may have changed.
 */
import type { dispatch as d } from '#libs/contracts';
import { MinHeap } from '../../tick/heap.js';
import { type Emit, of } from '../emit.js';
import type { Execution } from '../execution.js';
import { RELEASES_PER_DECISION } from '../limits.js';
import type { DispatchState } from '../state.js';
import { blockageOf, blockageOfAccount, filledBy } from './blockage.js';
import type { AccountQueue, Band, Lane, Place } from './lane.js';
import { placeOn } from './placement.js';
import { byRank, classOf, type Rank } from './rank.js';

interface Candidate extends Rank {
  readonly band: Band;
  readonly place: Place;
}

/** Gives free slots to those who wait, in order, within their limits. */
export function release(state: DispatchState, nowMs: number, emit: Emit): void {
  const { line, definitions } = state;
  line.wake(nowMs, definitions.takeTouched());
  let left = RELEASES_PER_DECISION;
  for (const pool of [...line.pools.keys()]) left -= releaseIn(state, pool, { nowMs, left, emit });
}

/** How many of a pool were released. */
function releaseIn(
  state: DispatchState,
  pool: string,
  { nowMs, left, emit }: { nowMs: number; left: number; emit: Emit },
): number {
  const free = Math.min(state.freeSlots(pool), left);
  if (free <= 0) return 0;
  wakeWhoFits(state, pool);
  const candidates = new MinHeap<Candidate>(byRank);
  const consider = (band: Band) => {
    const candidate = candidateOf(state, band, nowMs);
    if (candidate !== undefined) candidates.push(candidate);
  };
  for (const queue of state.line.pools.get(pool)?.accounts.values() ?? [])
    if (queue.parkedOn === undefined) queue.bands.forEach(consider);
  let released = 0;
  for (let next = candidates.pop(); next && released < free; next = candidates.pop()) {
    const { band } = next;
    const current = candidateOf(state, band, nowMs);
    if (current === undefined) continue;
    // Its account got something meanwhile, or another lane came back: it goes to its new place.
    if (current.place !== next.place || current.share !== next.share) candidates.push(current);
    else {
      if (goesOn(state, next, nowMs, emit)) released += 1;
      consider(band);
    }
  }
  return released;
}

/** A worker may have come, or have room again: one of those who wait for it says. */
function wakeWhoFits(state: DispatchState, pool: string): void {
  for (const blocker of state.line.fitsOf(pool)) blocker.wake();
}

function candidateOf(state: DispatchState, band: Band, nowMs: number): Candidate | undefined {
  const { queue, priority } = band;
  if (queue.parkedOn !== undefined) return undefined;
  const place = band.first;
  if (place === undefined) return undefined;
  const { queuedAtMs, ordinal } = place;
  const share = shareOf(state, queue);
  return { band, place, queuedAtMs, ordinal, share, class: classOf(priority, queuedAtMs, nowMs) };
}

export function shareOf({ definitions }: DispatchState, { account, inPool }: AccountQueue): number {
  return inPool.active / definitions.accountLimits(account).weight;
}

/** True when it was released; else it is parked. */
function goesOn(
  state: DispatchState,
  { band, place }: Candidate,
  nowMs: number,
  emit: Emit,
): boolean {
  const { lane } = place;
  const execution = lane.head?.execution;
  if (execution === undefined) return false;
  const ofAccount = blockageOfAccount(state, band.queue);
  if (ofAccount !== undefined) {
    ofAccount.blocker.parkQueue(band.queue);
    return false;
  }
  const blockage = blockageOf(state, execution, nowMs);
  if (blockage !== undefined) {
    const { blocker, untilMs } = blockage;
    park(lane, blocker, untilMs);
    return false;
  }
  const workerId = placeOn(state, execution);
  if (workerId === undefined) {
    park(lane, state.line.fit(execution), undefined);
    return false;
  }
  emit(of(execution, releaseOf(state, execution, workerId, nowMs)));
  return true;
}

function park(lane: Lane, blocker: Parameters<Lane['park']>[0], untilMs: number | undefined): void {
  blocker.untilMs = Math.min(blocker.untilMs, untilMs ?? Number.POSITIVE_INFINITY);
  lane.park(blocker);
}

function releaseOf(
  state: DispatchState,
  execution: Execution,
  workerId: string,
  nowMs: number,
): d.AttemptReleased {
  const { id: executionId, account, ended } = execution;
  // Not by `create`, which would cost more than all else here.
  return {
    $typeName: 'dispatch.v1.AttemptReleased',
    executionId,
    account,
    attempt: ended + 1,
    fence: state.fence + 1,
    releasedAtMs: nowMs,
    workerId,
    ...state.line.waited(executionId, nowMs),
    filled: filledBy(state, execution),
  };
}
