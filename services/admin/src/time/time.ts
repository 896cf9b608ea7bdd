/**
 * Every time that the admin shows is made here: always with its zone, by Intl alone (luxon would
 * add 22 kB to the first load for what five formatters do). Times are epoch milliseconds.
 */
const LOCALE = 'en-GB';
const MAX_FORMATTERS = 64;

export const localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone}|${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) {
    if (formatters.size >= MAX_FORMATTERS) formatters.clear();
    found = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: zone, hourCycle: 'h23' });
    formatters.set(key, found);
  }
  return found;
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const MINUTE = { hour: '2-digit', minute: '2-digit' } as const;
const DATE = { day: 'numeric', month: 'short' } as const;
const DAY_KEY = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;

/** Locales that know short names for different parts of the world; the first real name wins. */
const NAMING = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA'];

function namedBy(locale: string, ms: number, zone: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' });
  return parts.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

const names = new Map<string, string>();

/** `EST`, `CET`, `UTC`, or `GMT+5:45` where no name is in use. */
export function zoneAbbreviation(ms: number, zone: string): string {
  if (zone === 'UTC') return 'UTC';
  const offset = namedBy('en-US', ms, zone);
  if (!offset.startsWith('GMT')) return offset;
  const key = `${zone}|${offset}`;
  let name = names.get(key);
  if (name === undefined) {
    if (names.size >= MAX_FORMATTERS) names.clear();
    name = NAMING.map((locale) => namedBy(locale, ms, zone)).find(
      (each) => !each.startsWith('GMT'),
    );
    names.set(key, (name ??= offset));
  }
  return name;
}

const dayKey = (ms: number, zone: string): string => formatter(zone, DAY_KEY).format(ms);

/** `14:03:07`, without its zone: for places whose heading names it. */
export const formatClock = (ms: number, zone: string): string => formatter(zone, CLOCK).format(ms);

export const formatMinute = (ms: number, zone: string): string =>
  formatter(zone, MINUTE).format(ms);

/** `14:03:07 CET` today, `3 Nov 14:03 CET` in this year, `3 Nov 2024 14:03 CET` before. */
export function formatStamp(ms: number, zone: string, nowMs: number): string {
  const name = zoneAbbreviation(ms, zone);
  if (dayKey(ms, zone) === dayKey(nowMs, zone)) return `${formatClock(ms, zone)} ${name}`;
  return `${formatDate(ms, zone, nowMs)} ${formatMinute(ms, zone)} ${name}`;
}

/** `3 Nov`, with the year when it is another one. */
export function formatDate(ms: number, zone: string, nowMs: number): string {
  const sameYear = dayKey(ms, zone).slice(-4) === dayKey(nowMs, zone).slice(-4);
  return formatter(zone, sameYear ? DATE : { ...DATE, year: 'numeric' }).format(ms);
}

/** `Mon 3 Nov 14:03`, as lists of coming runs want it. */
export function formatRun(ms: number, zone: string, nowMs: number): string {
  const weekday = formatter(zone, { weekday: 'short' }).format(ms);
  return `${weekday} ${formatDate(ms, zone, nowMs)} ${formatMinute(ms, zone)}`;
}

/** `Mon 3 Nov 14:03:07 CET`: a slot may come every second. */
export function formatSlot(ms: number, zone: string, nowMs: number): string {
  const weekday = formatter(zone, { weekday: 'short' }).format(ms);
  const day = `${weekday} ${formatDate(ms, zone, nowMs)}`;
  return `${day} ${formatClock(ms, zone)} ${zoneAbbreviation(ms, zone)}`;
}

/** `Monday, 3 November 2025 at 14:03:07 CET`. */
export function formatFull(ms: number, zone: string): string {
  const date = formatter(zone, { dateStyle: 'full' }).format(ms);
  return `${date} ${formatClock(ms, zone)} ${zoneAbbreviation(ms, zone)}`;
}

export const formatIso = (ms: number): string => new Date(ms).toISOString();

const UNITS: readonly [limitMs: number, unitMs: number, unit: string][] = [
  [60_000, 1000, 's'],
  [3_600_000, 60_000, 'min'],
  [2 * 86_400_000, 3_600_000, 'h'],
  [60 * 86_400_000, 86_400_000, 'd'],
  [730 * 86_400_000, 30.44 * 86_400_000, 'mo'],
  [Number.POSITIVE_INFINITY, 365.25 * 86_400_000, 'y'],
];

/** `in 12 s`, `4 min ago`, `now`. */
export function formatRelative(ms: number, nowMs: number): string {
  const distance = Math.abs(ms - nowMs);
  if (distance < 1000) return 'now';
  const [, unitMs, unit] = UNITS.find(([limit]) => distance < limit) ?? [0, 1000, 's'];
  const text = `${Math.floor(distance / unitMs)} ${unit}`;
  return ms > nowMs ? `in ${text}` : `${text} ago`;
}

const two = (value: number): string => `${value}`.padStart(2, '0');

/** `in 42 s`, `in 03:20`, `in 2 h 05 m`, then the relative text: what a countdown shows. */
export function formatCountdown(ms: number, nowMs: number): string {
  const left = Math.ceil((ms - nowMs) / 1000);
  if (left <= 0) return 'due';
  if (left < 60) return `in ${left} s`;
  if (left < 3600) return `in ${two(Math.floor(left / 60))}:${two(left % 60)}`;
  if (left < 86_400)
    return `in ${Math.floor(left / 3600)} h ${two(Math.floor((left % 3600) / 60))} m`;
  return formatRelative(ms, nowMs);
}

/** `840 ms`, `12.3 s`, `4 m 05 s`, `2 h 07 m`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
}

/** A duration that is still growing: whole seconds, so that it does not flicker. */
export const formatElapsed = (ms: number): string =>
  ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : formatDuration(ms);
