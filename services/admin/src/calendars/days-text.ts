/**
 * The days of a calendar as lines of text, which can be read, pasted and compared; and back. A line
 * that is not understood is named by its number. What the days mean, the server decides. Pure.
 */
import type { Days, DaysInput } from './calendar-documents.js';
import { messages } from './messages.js';

export interface DaysText {
  dates: string;
  hours: string;
  times: string;
}

export type DaysRead =
  | { ok: true; days: Pick<DaysInput, 'dates' | 'hours' | 'times'> }
  | { ok: false; wrong: Partial<DaysText> };

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const DATES = /^(\d{4}-\d\d-\d\d)(?:\s+to\s+(\d{4}-\d\d-\d\d))?(?:\s+(.+))?$/;
const LOCAL = String.raw`(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)`;
const TIMES = new RegExp(`^${LOCAL}\\s+to\\s+${LOCAL}(?:\\s+(.+))?$`);
const HOURS = /^([A-Za-z]{3})(?:-([A-Za-z]{3}))?\s+(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)$/;

const clock = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => `${part}`.padStart(2, '0')).join(':');

const named = (text: string, name: string | null): string => (name ? `${text} ${name}` : text);

export function daysText({ dates, hours, times }: Omit<Days, 'zone'>): DaysText {
  return {
    dates: dates
      .map(({ from, to, name }) => named(to && to !== from ? `${from} to ${to}` : from, name))
      .join('\n'),
    hours: weekText(hours),
    times: times.map(({ from, to, name }) => named(`${from} to ${to}`, name)).join('\n'),
  };
}

/** Days that follow one another with the same hours are one line. */
function weekText(hours: Days['hours']): string {
  const runs: { first: number; last: number; span: string }[] = [];
  for (const { weekday, fromMinute, toMinute } of hours) {
    const span = `${clock(fromMinute)}-${clock(toMinute)}`;
    const run = runs.find((each) => each.span === span && each.last === weekday - 1);
    if (run) run.last = weekday;
    else runs.push({ first: weekday, last: weekday, span });
  }
  const day = (weekday: number): string => WEEKDAYS[weekday - 1] ?? '';
  return runs
    .map(({ first, last, span }) =>
      first === last ? `${day(first)} ${span}` : `${day(first)}-${day(last)} ${span}`,
    )
    .join('\n');
}

export function readDays(text: DaysText): DaysRead {
  const dates = readLines(text.dates, readDates);
  const hours = readLines(text.hours, readHours);
  const times = readLines(text.times, readTimes);
  if (dates.ok && hours.ok && times.ok)
    return {
      ok: true,
      days: { dates: dates.entries, hours: hours.entries.flat(), times: times.entries },
    };
  return {
    ok: false,
    wrong: {
      ...(dates.ok ? {} : { dates: dates.wrong }),
      ...(hours.ok ? {} : { hours: hours.wrong }),
      ...(times.ok ? {} : { times: times.wrong }),
    },
  };
}

type Lines<T> = { ok: true; entries: T[] } | { ok: false; wrong: string };

function readLines<T>(text: string, read: (line: string) => T | undefined): Lines<T> {
  const entries: T[] = [];
  for (const [place, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const entry = read(line.trim());
    if (entry === undefined) return { ok: false, wrong: messages.badLine(place + 1) };
    entries.push(entry);
  }
  return { ok: true, entries };
}

function readDates(line: string) {
  const [, from, to, name] = DATES.exec(line) ?? [];
  if (from === undefined) return undefined;
  return { from, ...(to === undefined ? {} : { to }), ...(name === undefined ? {} : { name }) };
}

function readTimes(line: string) {
  const [, from, to, name] = TIMES.exec(line) ?? [];
  if (from === undefined || to === undefined) return undefined;
  return {
    from: wholeLocal(from),
    to: wholeLocal(to),
    ...(name === undefined ? {} : { name }),
  };
}

const SECONDLESS = 16;

const wholeLocal = (text: string): string =>
  `${text.replace(' ', 'T')}${text.length === SECONDLESS ? ':00' : ''}`;

function readHours(line: string) {
  const [, first = '', last = first, ...clocks] = HOURS.exec(line) ?? [];
  const from = weekdayOf(first);
  const to = weekdayOf(last);
  if (from === 0 || to === 0 || to < from) return undefined;
  const [hour = 0, minute = 0, toHour = 0, toMinute = 0] = clocks.map(Number);
  return Array.from({ length: to - from + 1 }, (_, place) => ({
    weekday: from + place,
    fromMinute: hour * 60 + minute,
    toMinute: toHour * 60 + toMinute,
  }));
}

/** 1 is Monday; 0 is no day. */
const weekdayOf = (text: string): number =>
  WEEKDAYS.findIndex((day) => day.toLowerCase() === text.toLowerCase()) + 1;
