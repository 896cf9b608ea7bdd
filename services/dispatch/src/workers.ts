import type { Clock } from '#libs/clock';
import { fromBinary, worker as w } from '#libs/contracts';

/** A worker that is not heard for this long is lost (design: noticed within 5 s). */
export const SILENCE_MS = 4_000;

interface Heard {
  readonly heartbeat: w.Heartbeat;
  readonly atMs: number;
}

/**
 * The workers as they were last heard. A live view: nothing of it is decided upon before it has been
 * written down as an input of a commit.
 */
export class Workers {
  readonly #clock: Clock;
  readonly #heard = new Map<string, Heard>();
  readonly #sinceMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.monotonic();
  }

  /** Undefined for bytes that are no heartbeat. */
  hear(bytes: Uint8Array): w.Heartbeat | undefined {
    try {
      const heartbeat = fromBinary(w.HeartbeatSchema, bytes);
      this.#heard.set(heartbeat.workerId, { heartbeat, atMs: this.#clock.monotonic() });
      return heartbeat;
    } catch {
      return undefined;
    }
  }

  /** Forgets who has been silent for long, and tells the slots of those who live, by pool. */
  slots(): Map<string, number> {
    const nowMs = this.#clock.monotonic();
    const slots = new Map<string, number>();
    for (const [id, { heartbeat, atMs }] of this.#heard) {
      if (nowMs - atMs > SILENCE_MS) {
        this.#heard.delete(id);
        continue;
      }
      if (heartbeat.draining) continue;
      for (const { pool, slots: count } of heartbeat.pools)
        slots.set(pool, (slots.get(pool) ?? 0) + count);
    }
    return slots;
  }

  /**
   * How long a worker has been silent. One that was never heard is counted from when this process, or
   * its connection, began to listen (`listeningSinceMs`, monotonic).
   */
  silentMs(workerId: string, listeningSinceMs: number): number {
    const from = this.#heard.get(workerId)?.atMs ?? 0;
    return this.#clock.monotonic() - Math.max(from, listeningSinceMs, this.#sinceMs);
  }
}
