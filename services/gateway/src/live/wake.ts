import { type Clock } from '#libs/clock';

/** Lets one loop sleep until something happens, a limit passes, or it is told to end. */
export class Wake {
  #happened = false;
  #resume: (() => void) | undefined;

  notify(): void {
    this.#happened = true;
    this.#resume?.();
  }

  /** Returns at once when something happened since the last wait. */
  async wait(signal: AbortSignal, limit?: { clock: Clock; ms: number }): Promise<void> {
    if (!this.#happened && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#resume = resolve;
      signal.addEventListener('abort', resolve as () => void, { once: true });
      const timer = limit?.clock.setTimer(resolve as () => void, limit.ms);
      await promise;
      timer?.cancel();
      signal.removeEventListener('abort', resolve as () => void);
      this.#resume = undefined;
    }
    this.#happened = false;
  }
}

/** Sleeps; an abort ends the sleep early and is no error. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/**
 * An async iterator that can be ended while it waits. `return()` of a plain async generator is
 * queued behind the `await` it is in, so that a subscription to something that never happens would
 * live for ever after its client has left.
 */
export function endable<T>(
  make: (signal: AbortSignal) => AsyncGenerator<T, void>,
): AsyncIterableIterator<T> {
  const ending = new AbortController();
  const inner = make(ending.signal);
  return {
    next: () => inner.next(),
    return: async () => {
      ending.abort();
      await inner.return();
      return { done: true, value: undefined };
    },
    throw: async (error) => {
      ending.abort();
      await inner.return();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The same iterator with each value turned into another. */
export function mapped<T, U>(
  inner: AsyncIterableIterator<T>,
  turn: (value: T) => U,
): AsyncIterableIterator<U> {
  return {
    next: async () => {
      const result = await inner.next();
      return result.done ? result : { done: false, value: turn(result.value) };
    },
    return: async () => {
      await inner.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
