/**
 * What one person likes on one machine. It lives in localStorage: nothing of it changes what a
 * shared address shows, and so nothing of it belongs into the URL.
 */
import { useSyncExternalStore } from 'react';

export const densities = ['comfortable', 'normal', 'dense'] as const;
export type Density = (typeof densities)[number];

export interface Preferences {
  /** Zone of every time that is not a schedule's own. */
  zone: 'local' | 'utc';
  /** Single-letter keys can be turned off (WCAG 2.1.4). */
  shortcuts: boolean;
  /** Height of rows. */
  density: Density;
  logWrap: boolean;
  logTime: 'clock' | 'elapsed';
}

const defaults: Preferences = {
  zone: 'local',
  shortcuts: true,
  density: 'normal',
  logWrap: true,
  logTime: 'clock',
};
const KEY = 'carillon.preferences';

function read(): Preferences {
  try {
    return {
      ...defaults,
      ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>),
    };
  } catch {
    return defaults;
  }
}

let current = read();
const listeners = new Set<() => void>();

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function setPreference<K extends keyof Preferences>(key: K, value: Preferences[K]): void {
  current = { ...current, [key]: value };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Storage may be forbidden or full: the choice then lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function usePreference<K extends keyof Preferences>(key: K): Preferences[K] {
  return useSyncExternalStore(subscribe, () => current[key]);
}

export const preference = <K extends keyof Preferences>(key: K): Preferences[K] => current[key];
