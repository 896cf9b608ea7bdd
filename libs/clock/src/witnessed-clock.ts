import { type Clock, type ClockStep, sleepOn, type Timer } from './clock.js';

/** A start that is further off than this takes the witness's time. */
const START_TOLERANCE_MS = 1_000;
const RETRY_MS = 250;
/** While the machine's time is not believed, it is asked again this often whether it has come right. */
const RECHECK_MS = 10_000;

export type ClockVerdict =
  /** The machine's clock was moved, and the witness's time is where it was moved to. */
  | 'step-followed'
  /** The machine's clock was moved away from the witness's time: it is not followed. */
  | 'step-refused'
  /** At the start the machine's clock was off, with no course of its own to hold. */
  | 'start-corrected';

export interface WitnessedClockOptions {
  /** The machine's. */
  readonly clock: Clock;
  /** The time as somebody else has it, never ahead of it. Throws when it can't be asked. */
  readonly witness: () => Promise<number>;
  /** `offMs`: what the machine's time is ahead of ours, from now on. */
  readonly onVerdict: (verdict: ClockVerdict, offMs: number) => void;
}

/**
 * A clock that follows no step of its machine before a witness has confirmed it. Until then, and
 * when it is not confirmed, it holds its course by monotonic time: two of three (course, witness,
 * machine) decide. A ticker must not believe a machine that says it is an hour later: what has rung
 * too early can't be taken back.
 */
export class WitnessedClock implements Clock {
  readonly #options: WitnessedClockOptions;
  readonly #listeners = new Set<(step: ClockStep) => void>();
  readonly #ending = new AbortController();
  readonly #unlisten: () => void;
  /** What is added to the machine's time. */
  #shiftMs = 0;
  #checking = false;

  constructor(options: WitnessedClockOptions) {
    this.#options = options;
    this.#unlisten = options.clock.onStep(({ byMs }) => {
      this.#shiftMs -= byMs;
      void this.#check();
    });
  }

  /** Once, before the time is asked for: where we are no course has been held that could tell. */
  async start(): Promise<void> {
    const { clock, onVerdict } = this.#options;
    const witnessMs = await this.#askUntilTold();
    const offMs = clock.now() - witnessMs;
    if (Math.abs(offMs) <= START_TOLERANCE_MS) return;
    this.#shiftMs = -offMs;
    onVerdict('start-corrected', offMs);
    void this.#check();
  }

  stop(): void {
    this.#unlisten();
    this.#ending.abort();
  }

  now(): number {
    // Asking the machine may be what finds a step: the shift is read after it, in this order.
    const machineMs = this.#options.clock.now();
    return Math.floor(machineMs + this.#shiftMs);
  }

  monotonic(): number {
    return this.#options.clock.monotonic();
  }

  setTimer(run: () => void, afterMs: number): Timer {
    return this.#options.clock.setTimer(run, afterMs);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  onStep(listener: (step: ClockStep) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #askUntilTold(): Promise<number> {
    for (;;) {
      try {
        return await this.#options.witness();
      } catch {
        await this.sleep(RETRY_MS, this.#ending.signal);
      }
    }
  }

  /** Asks the witness until the machine's time is believed again. One at a time. */
  async #check(): Promise<void> {
    if (this.#checking) return;
    this.#checking = true;
    const { signal } = this.#ending;
    let told: number | undefined;
    while (this.#shiftMs !== 0 && !signal.aborted) {
      const witnessMs = await this.#options.witness().catch(() => undefined);
      if (witnessMs !== undefined && !signal.aborted) told = this.#judge(witnessMs, told);
      const pauseMs = witnessMs === undefined ? RETRY_MS : RECHECK_MS;
      if (this.#shiftMs !== 0) await this.#pause(pauseMs, signal);
    }
    this.#checking = false;
  }

  /** Gives the difference that has been told. */
  #judge(witnessMs: number, toldMs: number | undefined): number {
    const { clock, onVerdict } = this.#options;
    const machineMs = clock.now();
    const offMs = -this.#shiftMs;
    if (Math.abs(machineMs - witnessMs) <= Math.abs(machineMs - offMs - witnessMs)) {
      this.#shiftMs = 0;
      onVerdict('step-followed', 0);
      const step: ClockStep = { byMs: offMs, now: this.now() };
      for (const listener of this.#listeners) listener(step);
    } else if (offMs !== toldMs) onVerdict('step-refused', offMs);
    return offMs;
  }

  /** Ends early at a step, which is to be judged at once. */
  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const stepped = new AbortController();
    const unlisten = this.#options.clock.onStep(() => stepped.abort());
    await this.sleep(ms, AbortSignal.any([signal, stepped.signal])).catch(() => undefined);
    unlisten();
  }
}
