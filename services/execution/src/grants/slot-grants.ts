import type { Clock, Timer } from '#libs/clock';
import type { worker as w } from '#libs/contracts';
import { LIMITS } from '../limits.js';
import { divideSlots } from './divide-slots.js';
import { SlotLedger } from './slot-ledger.js';

export interface GrantDeps {
  readonly clock: Clock;
  readonly slots: ReadonlyMap<string, number>;
  readonly inUse: (pool: string, shard: number) => number;
  /** Those concerned have to know at once. */
  readonly onChange: () => void;
}

interface Heard {
  atMs: number;
  /** By pool, the most that was wanted lately: a lull of a moment is none. */
  readonly peaks: Map<string, { wanted: number; atMs: number }>;
}

export interface Granted {
  readonly shard: number;
  readonly pool: string;
  readonly slots: number;
}

/** Divides the worker's slots between the shards, by what their owners say that they want. */
export class SlotGrants {
  readonly #deps: GrantDeps;
  readonly #shards = new Map<number, Heard>();
  /** The newest of each shard. */
  readonly #terms = new Map<number, number>();
  readonly #ledgers: ReadonlyMap<string, SlotLedger>;
  readonly #targets = new Map<string, ReadonlyMap<number, number>>();
  #turn = 0;
  #timer: Timer | undefined;

  constructor(deps: GrantDeps) {
    this.#deps = deps;
    this.#ledgers = new Map([...deps.slots].map(([pool, slots]) => [pool, new SlotLedger(slots)]));
  }

  /** False for the word of an owner that has been followed by another. */
  sawTerm(shard: number, term: number): boolean {
    if (term < (this.#terms.get(shard) ?? 0)) return false;
    this.#terms.set(shard, term);
    return true;
  }

  hear({ shard, term, pools }: w.Demand): void {
    if (!this.sawTerm(shard, term)) return;
    const nowMs = this.#deps.clock.monotonic();
    const isNew = !this.#shards.has(shard);
    const heard = this.#shards.get(shard) ?? { atMs: nowMs, peaks: new Map() };
    this.#shards.set(shard, heard);
    heard.atMs = nowMs;
    let lacks = isNew;
    for (const [pool, own] of this.#deps.slots) {
      const { wanted = 0, slots = 0 } = pools.find((one) => one.pool === pool) ?? {};
      // Of all workers this one has that part.
      const part = Math.ceil((wanted * own) / Math.max(1, own, slots));
      const peak = heard.peaks.get(pool);
      if (peak === undefined || part >= peak.wanted || nowMs - peak.atMs > LIMITS.demandPeakMs)
        heard.peaks.set(pool, { wanted: part, atMs: nowMs });
      lacks ||= part > (this.#ledgers.get(pool)?.grantedTo(shard) ?? 0);
    }
    if (lacks) this.divide();
  }

  /** With each beat: owners that are gone are forgotten, and those who share a slot change places. */
  beat(): void {
    const nowMs = this.#deps.clock.monotonic();
    for (const [shard, { atMs }] of this.#shards)
      if (nowMs - atMs > LIMITS.demandSilenceMs) this.#shards.delete(shard);
    this.#turn += 1;
    this.divide();
  }

  divide(): void {
    for (const [pool, slots] of this.#deps.slots) {
      const wanted = new Map(
        [...this.#shards].map(([shard, { peaks }]) => [shard, peaks.get(pool)?.wanted ?? 0]),
      );
      this.#targets.set(pool, divideSlots(slots, wanted, this.#turn));
    }
    this.#move();
  }

  /** A slot has become free: it may be one that somebody waits for. */
  freed(): void {
    for (const [pool, ledger] of this.#ledgers)
      for (const [shard, target] of this.#targets.get(pool) ?? [])
        if (ledger.grantedTo(shard) < target) {
          this.#move();
          return;
        }
  }

  list(): Granted[] {
    return [...this.#ledgers].flatMap(([pool, ledger]) =>
      [...ledger.granted].map(([shard, slots]) => ({ shard, pool, slots })),
    );
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #move(): void {
    const { clock, inUse, onChange } = this.#deps;
    const nowMs = clock.monotonic();
    let changed = false;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [pool, ledger] of this.#ledgers) {
      const targets = this.#targets.get(pool) ?? new Map<number, number>();
      if (ledger.move(targets, (shard) => inUse(pool, shard), nowMs)) changed = true;
      nextMs = Math.min(nextMs, ledger.nextMs(nowMs) ?? Number.POSITIVE_INFINITY);
    }
    this.#timer?.cancel();
    this.#timer =
      nextMs === Number.POSITIVE_INFINITY
        ? undefined
        : clock.setTimer(() => this.#move(), nextMs - nowMs);
    if (changed) onChange();
  }
}
