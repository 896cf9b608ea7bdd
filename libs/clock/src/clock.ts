/** A timer that has been armed. Cancelling one that has fired, or twice, changes nothing. */
export interface Timer {
  cancel(): void;
}

/** How far the wall clock was moved by somebody else, as told to the listeners of a step. */
export interface ClockStep {
  readonly byMs: number;
  /** Wall time after the step, epoch milliseconds. */
  readonly now: number;
}

/**
 * Time as a parameter. `now` is for instants that people and logs know; `monotonic` is for spans
 * (leases, time-outs), because the wall clock may be moved under our feet.
 */
export interface Clock {
  /** Wall time in whole epoch milliseconds, rounded down: an instant is reached, never foreseen. */
  now(): number;
  /** Milliseconds, with a fraction, since an arbitrary start; it never goes back. */
  monotonic(): number;
  /** Runs `run` once, not earlier than `afterMs` of monotonic time from now. */
  setTimer(run: () => void, afterMs: number): Timer;
  /** Resolves after `ms`; rejects with the signal's reason when that is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Tells when the wall clock jumped. Returns the way to stop listening. */
  onStep(listener: (step: ClockStep) => void): () => void;
}

/** `sleep` for any clock that has timers. */
export function sleepOn(
  clock: Pick<Clock, 'setTimer'>,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.setTimer(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
