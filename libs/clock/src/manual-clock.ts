import { type Clock, type ClockStep, sleepOn, type Timer } from './clock.js';

interface Armed {
  readonly dueAtMs: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * A clock that stands still until it is told to move: for tests and for replays that act out a
 * time. It keeps the promises of the system clock (order of timers, nothing early).
 */
export class ManualClock implements Clock {
  readonly #timers = new Set<Armed>();
  readonly #listeners = new Set<(step: ClockStep) => void>();
  #wallMs: number;
  #monotonicMs = 0;
  #order = 0;

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#wallMs = now;
  }

  now(): number {
    return Math.floor(this.#wallMs);
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  /** How many timers are armed; zero at the end of a spec that left nothing behind. */
  get armed(): number {
    return this.#timers.size;
  }

  setTimer(run: () => void, afterMs: number): Timer {
    if (Number.isNaN(afterMs)) throw new RangeError('a timer needs a number of milliseconds');
    const timer: Armed = {
      dueAtMs: this.#monotonicMs + Math.max(0, afterMs),
      order: this.#order++,
      run,
    };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  onStep(listener: (step: ClockStep) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Moves time on, stopping at every timer on the way. What a timer sets going (promises, immediate
   * callbacks) runs before the next one, so a loop that sleeps makes all its rounds.
   */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    await settle();
    for (;;) {
      const next = this.#nextDueBy(untilMs);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#moveTo(Math.max(this.#monotonicMs, next.dueAtMs));
      next.run();
      await settle();
    }
    this.#moveTo(untilMs);
    await settle();
  }

  /** Moves the wall clock alone, as an operator or a resumed laptop would. */
  step(byMs: number): void {
    this.#wallMs += byMs;
    for (const listener of this.#listeners) listener({ byMs, now: this.now() });
  }

  #nextDueBy(untilMs: number): Armed | undefined {
    let next: Armed | undefined;
    for (const timer of this.#timers) {
      if (timer.dueAtMs > untilMs) continue;
      if (!next || timer.dueAtMs < next.dueAtMs) next = timer;
      else if (timer.dueAtMs === next.dueAtMs && timer.order < next.order) next = timer;
    }
    return next;
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}

/** Lets pending promises and immediate callbacks run before time moves again. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
