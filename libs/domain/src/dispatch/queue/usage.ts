/**
 * What is in use under one limit: of a task, an account, a pool, or a key of a named limit. Counted from
 * open attempts, and for rates from releases: nothing is decremented on its own account, so a crash
 * leaks no slot.
 */

import { RATE_COUNT_MAX } from '../limits.js';
import { Blocker } from './blocker.js';

/** A usage as a snapshot has it. Who is parked on it is a cache. */
export interface UsagePart {
  readonly account: string;
  readonly key: string;
  readonly active: number;
  readonly fresh: number;
  readonly waiting: number;
  readonly open: number;
  readonly fullTime: FullTimePart;
  readonly releasedAtMs: readonly number[];
  readonly releasesKeptMs: number;
}

interface FullTimePart {
  readonly sumMs: number;
  readonly sinceMs: number;
  readonly bookedUntilMs: number;
}

export class Usage {
  /** Offered and running. */
  active = 0;
  /** Open executions that were never released. */
  fresh = 0;
  /** Waiting for their turn. */
  waiting = 0;
  /** Open executions. */
  open = 0;
  readonly fullTime = new FullTime();
  readonly releases = new Releases();
  /** Those who wait for an end under it. */
  readonly room: Blocker;
  /** Those who wait for time to pass. */
  readonly pace: Blocker;

  constructor(account: string, parked: Set<Blocker>) {
    this.room = new Blocker(account, parked);
    this.pace = new Blocker(account, parked);
  }

  part(key: string): UsagePart {
    const { active, fresh, waiting, open, room, fullTime, releases } = this;
    const { atMs: releasedAtMs, keepMs: releasesKeptMs } = releases.part();
    const counts = { account: room.account, key, active, fresh, waiting, open };
    return { ...counts, fullTime: fullTime.part(), releasedAtMs, releasesKeptMs };
  }

  restore({ active, fresh, waiting, open, ...part }: UsagePart): void {
    Object.assign(this, { active, fresh, waiting, open });
    this.fullTime.restore(part.fullTime);
    this.releases.restore({ atMs: part.releasedAtMs, keepMs: part.releasesKeptMs });
  }
}

/** For how long, all in all, a limit was full: so that a wait can be told apart by its cause. */
class FullTime {
  #sumMs = 0;
  #sinceMs = Number.POSITIVE_INFINITY;
  #bookedUntilMs = Number.NEGATIVE_INFINITY;

  fill(atMs: number): void {
    this.#sinceMs = Math.min(this.#sinceMs, atMs);
  }

  clear(atMs: number): void {
    this.#sumMs += Math.max(0, atMs - this.#sinceMs);
    this.#sinceMs = Number.POSITIVE_INFINITY;
  }

  /** Full until an instant that is known. */
  book(fromMs: number, untilMs: number): void {
    this.#sumMs += Math.max(0, untilMs - Math.max(fromMs, this.#bookedUntilMs));
    this.#bookedUntilMs = Math.max(this.#bookedUntilMs, untilMs);
  }

  upTo(atMs: number): number {
    const open = Math.max(0, atMs - this.#sinceMs);
    return this.#sumMs + open - Math.max(0, this.#bookedUntilMs - atMs);
  }

  part(): FullTimePart {
    return { sumMs: this.#sumMs, sinceMs: this.#sinceMs, bookedUntilMs: this.#bookedUntilMs };
  }

  restore({ sumMs, sinceMs, bookedUntilMs }: FullTimePart): void {
    this.#sumMs = sumMs;
    this.#sinceMs = sinceMs;
    this.#bookedUntilMs = bookedUntilMs;
  }
}

/** When attempts were released, as far back as a rate asks for. */
class Releases {
  #atMs: number[] = [];
  #keepMs = 0;

  part(): { readonly atMs: readonly number[]; readonly keepMs: number } {
    return { atMs: [...this.#atMs], keepMs: this.#keepMs };
  }

  restore({ atMs, keepMs }: { atMs: readonly number[]; keepMs: number }): void {
    this.#atMs = [...atMs];
    this.#keepMs = keepMs;
  }

  get lastKeptMs(): number {
    return (this.#atMs.at(-1) ?? Number.NEGATIVE_INFINITY) + this.#keepMs;
  }

  add(atMs: number, keepMs: number): void {
    this.#keepMs = Math.max(this.#keepMs, keepMs);
    this.#atMs.push(atMs);
    const last = this.#atMs.length - 1;
    // A few at a time would cost as much each time.
    if (last < RATE_COUNT_MAX && (this.#atMs[last >> 1] as number) > atMs - this.#keepMs) return;
    const first = this.#atMs.findIndex((one) => one > atMs - this.#keepMs);
    this.#atMs = this.#atMs.slice(Math.max(first, this.#atMs.length - RATE_COUNT_MAX));
  }

  /** When one more may start, if `ahead` start before it; in the past: now. */
  nextMs({ count, perMs }: { count: number; perMs: number }, ahead = 0): number {
    const rounds = Math.floor(ahead / count);
    const before = this.#atMs.at(-(count - (ahead % count)));
    if (before !== undefined) return before + (rounds + 1) * perMs;
    return rounds === 0 ? Number.NEGATIVE_INFINITY : (this.#atMs.at(-1) ?? 0) + rounds * perMs;
  }

  /** How many there were within the last so many ms. */
  within(perMs: number, nowMs: number): number {
    let count = 0;
    for (let i = this.#atMs.length - 1; i >= 0 && (this.#atMs[i] as number) > nowMs - perMs; i--)
      count += 1;
    return count;
  }
}
