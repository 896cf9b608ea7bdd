/**
 * Zones. All that is known of a zone comes from Intl (the tzdata of the runtime's ICU): the offset
 * at an instant. From it this file finds the transitions once and keeps them, so that the hot path
 * never formats a date. A zone is a row of segments of constant offset; a transition forward leaves
 * a gap in local time, a transition back an overlap.
 */
import { BoundedCache } from './bounded-cache.js';
import { civilFromDays, DAY_S, daysFromCivil } from './calendar.js';
import { EARLIEST_MS, LATEST_MS, MAX_CACHED_ZONES } from './limits.js';
import { InvalidTiming } from './timing.js';

const EARLIEST_S = EARLIEST_MS / 1000 - 2 * DAY_S;
const LATEST_S = LATEST_MS / 1000 + 2 * DAY_S;

/**
 * Distance of two samples in the search for transitions. A pair of transitions back and forth
 * inside one step would be lost; the shortest stay in any zone since 1970 is far longer (the spec
 * scans them all).
 */
export const SAMPLE_STEP_S = 4 * DAY_S;
const GROW_S = 4 * 366 * DAY_S;

/** Names that Intl takes and we do not: fixed offsets belong to no place and have no DST rule. */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;
const MAX_ZONE_LENGTH = 64;

/** Segments of constant offset, parallel arrays. Segment i runs from `startS[i]` to `startS[i + 1]`. */
export interface Segments {
  startS: number[];
  offsetS: number[];
  /** The local second up to which segments before i have already shown every time they will show. */
  shownUntil: number[];
}

export class Zone {
  readonly name: string;
  readonly segments: Segments = { startS: [], offsetS: [], shownUntil: [] };
  /** The instants covered by `segments`. */
  fromS = 0;
  untilS = 0;

  constructor(name: string, aroundS: number) {
    this.name = name;
    this.#startAt(yearStart(clamp(aroundS), -1));
    this.untilS = isUniversal(name) ? LATEST_S : this.fromS;
    this.extend();
  }

  /** The segment an instant lies in; extends what is covered when needed. */
  segmentAt(second: number): number {
    const wanted = clamp(second);
    if (wanted < this.fromS + 2 * DAY_S && this.fromS > EARLIEST_S)
      this.#startAt(yearStart(wanted, -1));
    while (wanted >= this.untilS) this.extend();
    const { startS } = this.segments;
    let low = 0;
    let high = startS.length - 1;
    // Almost every question is about the present, and the present is near the end.
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (startS[middle] <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The end of a segment, or undefined when no later transition is known of yet. */
  endOf(segment: number): number | undefined {
    return this.segments.startS[segment + 1];
  }

  /** Looks further ahead. False when the end of time is reached. */
  extend(): boolean {
    if (this.untilS >= LATEST_S) return false;
    const until = Math.min(LATEST_S, this.untilS + GROW_S);
    this.#scan(this.untilS, until);
    this.untilS = until;
    return true;
  }

  offsetAt(second: number): number {
    return this.segments.offsetS[this.segmentAt(second)];
  }

  /** Starts anew at an earlier instant and keeps what was known of the time after it. */
  #startAt(fromS: number): void {
    const { startS, offsetS, shownUntil } = this.segments;
    const known = startS.map((start, i) => ({ start, offset: offsetS[i] }));
    const knownFrom = this.fromS;
    startS.length = offsetS.length = shownUntil.length = 0;
    this.fromS = isUniversal(this.name) ? EARLIEST_S : Math.max(EARLIEST_S, fromS);
    this.#push(this.fromS, readOffset(formatterOf(this.name), this.fromS));
    if (known.length === 0) return;
    this.#scan(this.fromS, knownFrom);
    for (const { start, offset } of known.slice(1)) this.#push(start, offset);
  }

  /** Appends the transitions in (fromS, untilS]. The formatter is dropped afterwards: it is big. */
  #scan(fromS: number, untilS: number): void {
    const formatter = formatterOf(this.name);
    let at = fromS;
    let offset = this.segments.offsetS[this.segments.offsetS.length - 1];
    while (at < untilS) {
      const next = Math.min(untilS, at + SAMPLE_STEP_S);
      let nextOffset = readOffset(formatter, next);
      while (nextOffset !== offset) {
        // Two transitions may lie inside one step: take the first, then look again from there.
        at = firstChange(formatter, at, next, offset);
        offset = readOffset(formatter, at);
        this.#push(at, offset);
        nextOffset = readOffset(formatter, next);
      }
      at = next;
    }
  }

  #push(startS: number, offsetS: number): void {
    const { segments } = this;
    const last = segments.startS.length - 1;
    const shown =
      last < 0
        ? Number.NEGATIVE_INFINITY
        : Math.max(segments.shownUntil[last], startS + segments.offsetS[last]);
    segments.startS.push(startS);
    segments.offsetS.push(offsetS);
    segments.shownUntil.push(shown);
  }
}

const zones = new BoundedCache<Zone>(MAX_CACHED_ZONES);

export function zoneOf(name: string, aroundS: number): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = new Zone(name, aroundS);
    zones.set(name, zone);
  }
  return zone;
}

/** Offset from UTC in minutes; a fraction only where a zone once kept local mean time. */
export function offsetAt(zone: string, ms: number): number {
  const second = Math.floor(ms / 1000);
  return zoneOf(zone, second).offsetAt(second) / 60;
}

/** An IANA name that this runtime knows. `local`, `+02:00` and the like are not names of zones. */
export function isKnownZone(zone: string): boolean {
  return canonicalZone(zone) !== undefined;
}

/**
 * The name as the runtime spells it when only capitals differ, else as given: ICU resolves
 * `Asia/Kolkata` to its older name `Asia/Calcutta`, and the author's word should stay.
 */
export function canonicalZone(zone: string): string | undefined {
  if (typeof zone !== 'string' || zone.length > MAX_ZONE_LENGTH || !ZONE_NAME.test(zone))
    return undefined;
  try {
    const resolved = new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions()
      .timeZone;
    return resolved.toLowerCase() === zone.toLowerCase() ? resolved : zone;
  } catch {
    return undefined;
  }
}

/** The version of the time zone rules in use, `unknown` in a browser. */
export function tzdataVersion(): string {
  const host = globalThis as { process?: { versions?: { tz?: string } } };
  return host.process?.versions?.tz ?? 'unknown';
}

/** Every instant at which the zone's clock shows a local second: none in a gap, two in an overlap. */
export function instantsOf(zone: string, naive: number): number[] {
  const known = zoneOf(zone, naive);
  const instants: number[] = [];
  const last = known.segmentAt(naive + 2 * DAY_S);
  for (let i = known.segmentAt(naive - 2 * DAY_S); i <= last; i++) {
    const instant = naive - known.segments.offsetS[i];
    if (
      instant >= known.segments.startS[i] &&
      instant < (known.endOf(i) ?? Number.POSITIVE_INFINITY)
    )
      instants.push(instant);
  }
  return instants;
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  if (!isKnownZone(zone))
    throw new InvalidTiming([
      {
        field: 'timezone',
        code: 'unknown-zone',
        message: `${zone} is not a time zone of tzdata ${tzdataVersion()}`,
        remedy: 'use a name of the IANA database that this runtime has',
      },
    ]);
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}

const SHOWN = /^(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)$/;

function readOffset(formatter: Intl.DateTimeFormat, second: number): number {
  const match = SHOWN.exec(formatter.format(second * 1000));
  if (!match) throw new Error('Intl shows dates in a form that this runtime should not have');
  const days = daysFromCivil(+match[3], +match[1], +match[2]);
  return days * DAY_S + +match[4] * 3600 + +match[5] * 60 + +match[6] - second;
}

/** The first second in (low, high] whose offset is not `offset`. */
function firstChange(
  formatter: Intl.DateTimeFormat,
  low: number,
  high: number,
  offset: number,
): number {
  let same = low;
  let other = high;
  while (other - same > 1) {
    const middle = same + Math.floor((other - same) / 2);
    if (readOffset(formatter, middle) === offset) same = middle;
    else other = middle;
  }
  return other;
}

function isUniversal(zone: string): boolean {
  return zone === 'UTC' || zone === 'Etc/UTC' || zone === 'GMT' || zone === 'Etc/GMT';
}

function clamp(second: number): number {
  return Math.min(LATEST_S - 1, Math.max(EARLIEST_S, second));
}

function yearStart(second: number, years: number): number {
  return daysFromCivil(civilFromDays(Math.floor(second / DAY_S)).year + years, 1, 1) * DAY_S;
}
