/** Over how long the rate is told. */
const SMOOTH_MS = 20;

export interface PaceOptions {
  /** From so many items a millisecond on, rounds are spaced out. */
  readonly busyPerMs: number;
  /** From the begin of one round to the next, then. */
  readonly gapMs: number;
}

/**
 * For work that is done in rounds, each of which costs something however little it holds: a sync of a
 * disk, a message to everybody who reads. While little comes nothing waits; while much comes, a round
 * waits a moment, and there are fewer of them with more in each.
 */
export class Pace {
  readonly #options: PaceOptions;
  #perMs = 0;
  #begunMs = Number.NEGATIVE_INFINITY;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** A round with so many items begins. Monotonic time. */
  begin(items: number, nowMs: number): void {
    const sinceMs = Math.max(1, nowMs - this.#begunMs);
    const weight = Math.min(1, sinceMs / SMOOTH_MS);
    this.#perMs += weight * (items / sinceMs - this.#perMs);
    this.#begunMs = nowMs;
  }

  /** How long the next round waits. */
  restMs(nowMs: number): number {
    const { busyPerMs, gapMs } = this.#options;
    return this.#perMs < busyPerMs ? 0 : Math.max(0, this.#begunMs + gapMs - nowMs);
  }
}
