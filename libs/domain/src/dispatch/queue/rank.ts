/**
 * The order of the queue: the effective priority first, each step of waiting lifting it by one class;
 * among equals the account that has the smallest share of the pool in use; then first come. In the class
 * above all others only the last counts: nobody there is overtaken by one that came later.
 */
import { task as t } from '#libs/contracts';
import { AGEING_STEP_MS } from '../limits.js';
import { type Arrival, byArrival } from './arrival.js';

const LONGEST: number = t.Priority.CRITICAL + 1;

export interface Rank extends Arrival {
  readonly class: number;
  /** Attempts in the pool for each unit of the account's weight. */
  readonly share: number;
}

export function classOf(priority: t.Priority, queuedAtMs: number, nowMs: number): number {
  const steps = Math.max(0, Math.floor((nowMs - queuedAtMs) / AGEING_STEP_MS));
  return Math.min(LONGEST, priority + steps);
}

export function byRank(one: Rank, other: Rank): number {
  if (one.class !== other.class) return other.class - one.class;
  if (one.class < LONGEST && one.share !== other.share) return one.share - other.share;
  return byArrival(one, other);
}
