/**
 * What the page knows of its connection, in one place. `refresh` moves whenever what is on the
 * screen may be behind: after a reconnect, at each poll while the socket is down, and when a hidden
 * tab is looked at again. `epoch` moves with each new socket, so that a log can go on from its last
 * cursor. A tab that nobody has looked at for a while gives up its subscriptions.
 */
import { useSyncExternalStore } from 'react';
import { after, every, now } from '../clock.js';

export interface Connection {
  state: 'connecting' | 'live' | 'reconnecting' | 'polling';
  /** When the screen was last known to be true. */
  asOfMs: number;
  epoch: number;
  refresh: number;
  asleep: boolean;
}

export const POLL_EVERY_MS = 10_000;
const SLEEP_AFTER_MS = 30_000;

let current: Connection = {
  state: 'connecting',
  asOfMs: now(),
  epoch: 0,
  refresh: 0,
  asleep: false,
};
const listeners = new Set<() => void>();

function set(change: Partial<Connection>): void {
  current = { ...current, ...change };
  for (const listener of listeners) listener();
}

let stopPolling: (() => void) | undefined;

function startPolling(): void {
  stopPolling ??= every(POLL_EVERY_MS, () => {
    if (!current.asleep) set({ refresh: current.refresh + 1 });
  });
}

export function noteConnected(): void {
  stopPolling?.();
  stopPolling = undefined;
  const again = current.epoch > 0 || current.state !== 'connecting';
  set({
    state: 'live',
    asOfMs: now(),
    epoch: current.epoch + 1,
    refresh: again ? current.refresh + 1 : current.refresh,
  });
}

export function noteClosed(): void {
  startPolling();
  if (current.state === 'live') set({ state: 'reconnecting', asOfMs: now() });
  else if (current.state === 'connecting') set({ state: 'reconnecting' });
}

/** An answer over HTTP: while the socket is down it is the proof that polling works. */
export function noteAnswer(ok: boolean): void {
  if (current.state === 'live' || current.state === 'connecting') return;
  if (ok) set({ state: 'polling', asOfMs: now() });
  else if (current.state === 'polling') set({ state: 'reconnecting' });
}

export function watchVisibility(page: Document): void {
  let cancelSleep: (() => void) | undefined;
  page.addEventListener('visibilitychange', () => {
    cancelSleep?.();
    if (page.visibilityState === 'hidden') {
      cancelSleep = after(SLEEP_AFTER_MS, () => set({ asleep: true }));
    } else if (current.asleep) {
      set({ asleep: false, refresh: current.refresh + 1 });
    }
  });
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useConnection = (): Connection => useSyncExternalStore(subscribe, () => current);

export const useRefresh = (): number => useSyncExternalStore(subscribe, () => current.refresh);

export const useAsleep = (): boolean => useSyncExternalStore(subscribe, () => current.asleep);

export const useEpoch = (): number => useSyncExternalStore(subscribe, () => current.epoch);

export const connection = (): Connection => current;

export const onConnectionChange = subscribe;
