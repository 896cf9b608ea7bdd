/**
 * The browser's clock, and the only place of the admin that reads it or arms a timer. `serverNow`
 * is the time of the gateway as its last answer told it: countdowns and ages are counted against
 * it, so that a laptop whose clock is wrong still shows the truth.
 */
import { useSyncExternalStore } from 'react';

export const now = (): number => Date.now();

let skewMs = 0;

/** An answer travels for a while: a difference below this is not worth a correction. */
const SKEW_NOISE_MS = 750;

export function noteServerTime(iso: string): void {
  const skew = Date.parse(iso) - now();
  skewMs = Math.abs(skew) < SKEW_NOISE_MS ? 0 : skew;
}

export const serverNow = (): number => now() + skewMs;

export function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms);
  return () => clearInterval(timer);
}

export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    after(ms, resolve);
  });

const listeners = new Set<() => void>();
let second = Math.floor(serverNow() / 1000);
let stop: (() => void) | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  stop ??= every(1000, () => {
    second = Math.floor(serverNow() / 1000);
    for (const each of listeners) each();
  });
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stop?.();
    stop = undefined;
  };
}

/** The server's time, renewed once a second for the whole page by one timer. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => second) * 1000;
}
