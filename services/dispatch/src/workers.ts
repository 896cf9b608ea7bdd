import type { Clock } from '#libs/clock';
import { fromBinary, type task as t, worker as w } from '#libs/contracts';

/** A worker that is not heard for this long is lost (design: noticed within 5 s). */
export const SILENCE_MS = 4_000;
/** One that has missed a beat gets nothing new until it is heard. */
const DOUBT_MS = 2_000;
/** Who does not hear itself for this long hears nobody: then it is not the workers that are silent. */
const DEAF_MS = 2_500;

export interface Heard {
  readonly heartbeat: w.Heartbeat;
  readonly atMs: number;
  /** An offer found nobody there. */
  unreachable: boolean;
}

/** What a worker has for one shard. */
export interface Share {
  readonly pools: readonly { readonly pool: string; readonly slots: number }[];
  readonly labels: readonly t.Label[];
  readonly draining: boolean;
}

/**
 * The workers as they were last heard. A live view: nothing of it is decided upon before it has been
 * written down as an input of a commit.
 */
export class Workers {
  readonly #clock: Clock;
  readonly #heard = new Map<string, Heard>();
  /** Never heard by this process, which took them over from a journal, and not there for an offer. */
  readonly #unfound = new Set<string>();
  #listeningSinceMs: number;
  #heardSelfMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#listeningSinceMs = clock.monotonic();
    this.#heardSelfMs = this.#listeningSinceMs;
  }

  /** Undefined for bytes that are no heartbeat, or an old one. */
  hear(bytes: Uint8Array): w.Heartbeat | undefined {
    let heartbeat: w.Heartbeat;
    try {
      heartbeat = fromBinary(w.HeartbeatSchema, bytes);
    } catch {
      return undefined;
    }
    this.#unfound.delete(heartbeat.workerId);
    const before = this.#heard.get(heartbeat.workerId);
    if (before !== undefined && before.heartbeat.beat >= heartbeat.beat) return undefined;
    const atMs = this.#clock.monotonic();
    this.#heard.set(heartbeat.workerId, { heartbeat, atMs, unreachable: false });
    return heartbeat;
  }

  /** What this process says to the workers comes back to it: its own sign that it can hear. */
  heardSelf(): void {
    const nowMs = this.#clock.monotonic();
    if (nowMs - this.#heardSelfMs > DEAF_MS) this.#listeningSinceMs = nowMs;
    this.#heardSelfMs = nowMs;
  }

  /** An offer found nobody listening. */
  missed(workerId: string): void {
    const heard = this.#heard.get(workerId);
    if (heard === undefined) this.#unfound.add(workerId);
    else heard.unreachable = true;
  }

  /** Whether an offer found nobody there, of whom nothing was ever heard. */
  isUnfound(workerId: string): boolean {
    return this.#unfound.has(workerId);
  }

  /** It is gone, and comes back as another one if it does. */
  forget(workerId: string): void {
    this.#unfound.delete(workerId);
  }

  /** Those who live, and forgets the others. */
  living(): ReadonlyMap<string, Heard> {
    const nowMs = this.#clock.monotonic();
    for (const [id, { atMs }] of this.#heard)
      if (nowMs - atMs > SILENCE_MS && !this.#isDeaf(nowMs)) this.#heard.delete(id);
    return this.#heard;
  }

  /** What a worker has granted to a shard. */
  shareOf({ heartbeat, atMs, unreachable }: Heard, shard: number): Share {
    const { grants, labels, draining } = heartbeat;
    const isDoubtful = unreachable || this.#clock.monotonic() - atMs > DOUBT_MS;
    const pools = grants
      .filter((grant) => grant.shard === shard)
      .map(({ pool, slots }) => ({ pool, slots }))
      .sort((one, other) => (one.pool < other.pool ? -1 : 1));
    return { pools, labels, draining: draining || isDoubtful };
  }

  /** Slots of the pool, whoever they are granted to. */
  slots(pool: string): number {
    let sum = 0;
    for (const { heartbeat } of this.#heard.values())
      for (const one of heartbeat.draining ? [] : heartbeat.pools)
        if (one.pool === pool) sum += one.slots;
    return sum;
  }

  /**
   * How long a worker has been silent. One that was never heard is counted from when this process
   * began to listen, or could hear again, or took over the shard (`ownedSinceMs`, monotonic).
   */
  silentMs(workerId: string, ownedSinceMs: number): number {
    const nowMs = this.#clock.monotonic();
    if (this.#isDeaf(nowMs)) return 0;
    const from = this.#heard.get(workerId)?.atMs ?? 0;
    return nowMs - Math.max(from, ownedSinceMs, this.#listeningSinceMs);
  }

  #isDeaf(nowMs: number): boolean {
    return nowMs - this.#heardSelfMs > DEAF_MS;
  }
}
