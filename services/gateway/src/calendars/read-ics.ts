import { instantsOfLocal, isKnownZone, localTimeAt, parseDuration } from '#libs/cron';
import { type CalendarDays } from '#libs/read-model';
import { CALENDAR_NAME_MAX_CHARS, ICS_SKIPPED_MAX } from '../limits.js';

/**
 * Events of an iCalendar text (RFC 5545) as days of a calendar of ours: whole days stay days, times
 * become local times. What can't be said so (repeating events, events without a length, zones that
 * nobody knows) is left out and named, never guessed.
 */
export interface ReadDays {
  readonly days: CalendarDays;
  readonly skipped: { readonly name: string; readonly reason: string }[];
}

interface Property {
  readonly value: string;
  readonly tzid?: string;
}
type Event = Map<string, Property>;

/** Undefined for a text that is no iCalendar. `zone`: whose clock the times are to be told by. */
export function readIcs(text: string, zone: string | undefined): ReadDays | undefined {
  const lines = text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/);
  if (!lines.some((line) => line.trim().toUpperCase() === 'BEGIN:VCALENDAR')) return undefined;
  const days: CalendarDays = { ...(zone ? { zone } : {}), dates: [], hours: [], times: [] };
  const skipped: ReadDays['skipped'] = [];
  for (const event of eventsOf(lines)) {
    const name = nameOf(event);
    const reason = take(event, name, days, zone);
    if (reason !== undefined && skipped.length < ICS_SKIPPED_MAX) skipped.push({ name, reason });
  }
  days.dates.sort((a, b) => order(a.from, b.from));
  days.times.sort((a, b) => order(a.from, b.from));
  return { days, skipped };
}

function eventsOf(lines: readonly string[]): Event[] {
  const events: Event[] = [];
  // Alarms stand inside an event, and have properties of the same names.
  const open: string[] = [];
  let event: Event = new Map();
  for (const line of lines) {
    const { name, value, tzid } = propertyOf(line);
    if (name === 'BEGIN') {
      open.push(value.toUpperCase());
      if (open.at(-1) === 'VEVENT') event = new Map();
    } else if (name === 'END') {
      if (open.pop() === 'VEVENT') events.push(event);
    } else if (open.at(-1) === 'VEVENT' && !event.has(name))
      event.set(name, tzid === undefined ? { value } : { value, tzid });
  }
  return events;
}

/** `DTSTART;TZID=Europe/Berlin:20261127T090000`; a quoted parameter may hold a colon. */
function propertyOf(line: string): Property & { name: string } {
  let colon = 0;
  for (let quoted = false; colon < line.length && (quoted || line[colon] !== ':'); colon++)
    if (line[colon] === '"') quoted = !quoted;
  const [name = '', ...parameters] = line.slice(0, colon).split(';');
  const value = line.slice(colon + 1).trim();
  const tzid = parameters
    .find((one) => /^tzid=/i.test(one))
    ?.slice('TZID='.length)
    .replaceAll('"', '');
  return { name: name.trim().toUpperCase(), value, ...(tzid === undefined ? {} : { tzid }) };
}

/** Into the days; or why not. */
function take(
  event: Event,
  name: string,
  days: CalendarDays,
  zone: string | undefined,
): string | undefined {
  if (event.get('STATUS')?.value.toUpperCase() === 'CANCELLED') return 'It is cancelled.';
  if (event.has('RRULE') || event.has('RDATE')) return 'It repeats, and that is not read.';
  const start = event.get('DTSTART');
  if (start === undefined) return 'It has no start.';
  const named = name === '' ? {} : { name };
  const from = dateOf(start.value);
  if (from !== undefined) {
    const to = lastDay(from, event);
    days.dates.push({ from, to, ...named });
    return undefined;
  }
  const begin = localOf(start, zone);
  if ('reason' in begin) return begin.reason;
  const end = endOf(event, begin.local, zone);
  if ('reason' in end) return end.reason;
  if (end.local <= begin.local) return 'It has no length.';
  days.times.push({ from: begin.local, to: end.local, ...named });
  return undefined;
}

function dateOf(value: string): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(value) ?? [];
  const text = `${year}-${month}-${day}`;
  return year === undefined || isoAfter(text, 0) !== text ? undefined : text;
}

/** The end of whole days is the day after the last. */
function lastDay(from: string, event: Event): string {
  const end = dateOf(event.get('DTEND')?.value ?? '');
  const length = lengthOf(event) ?? 0;
  const last = end === undefined ? isoAfter(from, length - DAY_MS) : isoAfter(end, -DAY_MS);
  return last !== undefined && last > from ? last : from;
}

const DAY_MS = 86_400_000;

function isoAfter(date: string, ms: number): string | undefined {
  const at = Date.parse(date) + ms;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

function lengthOf(event: Event): number | undefined {
  const text = event.get('DURATION')?.value ?? '';
  const [, weeks] = /^P(\d{1,4})W$/.exec(text) ?? [];
  return weeks === undefined ? parseDuration(text) : Number(weeks) * 7 * DAY_MS;
}

type Local = { readonly local: string } | { readonly reason: string };

function endOf(event: Event, begin: string, zone: string | undefined): Local {
  const end = event.get('DTEND');
  if (end !== undefined) return localOf(end, zone);
  const length = lengthOf(event) ?? 0;
  return { local: new Date(Date.parse(`${begin}Z`) + length).toISOString().slice(0, 19) };
}

/** A time of its own zone is told by the clock of `zone`; one without a zone stays as it is. */
function localOf({ value, tzid }: Property, zone: string | undefined): Local {
  const [, y, mo, d, h, mi, s, utc] =
    /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(Z?)$/.exec(value) ?? [];
  const local = `${y}-${mo}-${d}T${h}:${mi}:${s}`;
  const ms = y === undefined ? Number.NaN : Date.parse(`${local}Z`);
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(local))
    return { reason: 'Its time cannot be read.' };
  const own = utc === 'Z' ? 'UTC' : tzid;
  if (own === undefined || own === zone) return { local };
  if (zone === undefined) return { reason: `It is in the zone ${own}: give the calendar a zone.` };
  if (!isKnownZone(own)) return { reason: `The zone ${own} is not known.` };
  const [instant] = instantsOfLocal(own, local) ?? [];
  if (instant === undefined) return { reason: 'The clock of its zone never shows its time.' };
  return { local: localTimeAt(zone, instant).local };
}

function nameOf(event: Event): string {
  return (event.get('SUMMARY')?.value ?? '')
    .replace(/\\n/gi, ' ')
    .replace(/\\(.)/g, '$1')
    .replace(/\p{Cc}/gu, '')
    .slice(0, CALENDAR_NAME_MAX_CHARS)
    .toWellFormed();
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
