import { type Clock, type ClockStep, sleepOn, type Timer } from './clock.js';

/** `setTimeout` beyond 2^31-1 ms fires at once, and a sleeping laptop stops its monotonic clock. */
const ARM_AHEAD_MAX_MS = 60_000;
/** A difference beyond this between our wall time and the machine's is a step, not drift. */
const STEP_MIN_MS = 250;
/** How often the machine's wall clock is looked at. */
const STEP_CHECK_EVERY_MS = 1_000;
/** Smaller differences are caught up at this rate, so that time neither jumps nor runs backwards. */
const SLEW_PER_MS = 0.005;

/** What the clock is made of; the defaults are the machine's, specs give their own. */
export interface ClockSources {
  wallMs(): number;
  monotonicMs(): number;
}

const machine: ClockSources = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** The machine's clock, set ahead: for trying out a day to come. */
export function clockAhead(byMs: number): SystemClock {
  return new SystemClock({ ...machine, wallMs: () => machine.wallMs() + byMs });
}

/**
 * Wall time = anchor + monotonic. Between two looks at the machine's wall clock time therefore runs
 * evenly and never goes back; when the machine's clock was moved by more than 250 ms (an operator,
 * a resumed laptop, a first NTP sync) the anchor follows and the listeners are told, since a
 * ticker has to look again at what is due.
 */
export class SystemClock implements Clock {
  readonly #sources: ClockSources;
  readonly #listeners = new Set<(step: ClockStep) => void>();
  #anchorMs: number;
  #checkedAtMs: number;
  #watch: NodeJS.Timeout | undefined;

  constructor(sources: ClockSources = machine) {
    this.#sources = sources;
    this.#checkedAtMs = sources.monotonicMs();
    this.#anchorMs = sources.wallMs() - this.#checkedAtMs;
  }

  now(): number {
    const monotonicMs = this.#sources.monotonicMs();
    if (monotonicMs - this.#checkedAtMs >= STEP_CHECK_EVERY_MS) this.#follow(monotonicMs);
    return Math.floor(this.#anchorMs + monotonicMs);
  }

  monotonic(): number {
    return this.#sources.monotonicMs();
  }

  setTimer(run: () => void, afterMs: number): Timer {
    if (Number.isNaN(afterMs)) throw new RangeError('a timer needs a number of milliseconds');
    const dueAtMs = this.monotonic() + Math.max(0, afterMs);
    let armed: NodeJS.Timeout | undefined;
    const arm = () => {
      const leftMs = dueAtMs - this.monotonic();
      // Node rounds down to whole milliseconds, so a timer may come early: then it waits on.
      armed = setTimeout(
        () => (this.monotonic() >= dueAtMs ? run() : arm()),
        Math.min(ARM_AHEAD_MAX_MS, Math.max(0, Math.ceil(leftMs))),
      );
    };
    arm();
    return { cancel: () => clearTimeout(armed) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  onStep(listener: (step: ClockStep) => void): () => void {
    this.#listeners.add(listener);
    // Without anybody asking for the time a step would go unseen. The watch keeps no process alive.
    this.#watch ??= setInterval(() => this.now(), STEP_CHECK_EVERY_MS).unref();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#watch);
      this.#watch = undefined;
    };
  }

  #follow(monotonicMs: number): void {
    const sinceMs = monotonicMs - this.#checkedAtMs;
    this.#checkedAtMs = monotonicMs;
    const offMs = this.#sources.wallMs() - (this.#anchorMs + monotonicMs);
    if (Math.abs(offMs) <= STEP_MIN_MS) {
      const slewMs = sinceMs * SLEW_PER_MS;
      this.#anchorMs += Math.max(-slewMs, Math.min(slewMs, offMs));
      return;
    }
    this.#anchorMs += offMs;
    const step: ClockStep = { byMs: offMs, now: Math.floor(this.#anchorMs + monotonicMs) };
    for (const listener of this.#listeners) listener(step);
  }
}
