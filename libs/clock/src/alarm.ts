import type { Clock } from './clock.js';

/** Never armed further ahead than this: a step of the wall clock is then noticed in time. */
const AHEAD_MAX_MS = 60_000;

/**
 * What a loop waits on: work that arrives, an instant that comes, or its end. A ring while nobody
 * waits is remembered, so that none is lost between two looks.
 */
export class Alarm {
  readonly #clock: Clock;
  #rung = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at a ring, at `atMs` (wall time), at the abort, and after a minute in any case. */
  async wait(atMs: number | undefined, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const aheadMs = Math.max(0, (atMs ?? Number.POSITIVE_INFINITY) - this.#clock.now());
      await new Promise<void>((resolve) => {
        const wake = () => {
          timer.cancel();
          signal.removeEventListener('abort', wake);
          this.#wake = undefined;
          resolve();
        };
        const timer = this.#clock.setTimer(wake, Math.min(aheadMs, AHEAD_MAX_MS));
        signal.addEventListener('abort', wake, { once: true });
        this.#wake = wake;
      });
    }
    this.#rung = false;
  }
}
