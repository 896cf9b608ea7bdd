/** Between instants and what a zone's clock shows. */
import { formatLocal, parseLocal } from './calendar.js';
import { instantsOf, zoneOf } from './zone.js';

export interface LocalTime {
  /** `YYYY-MM-DDTHH:mm:ss`. */
  local: string;
  /** 1 in the later half of an overlap. */
  pass: 0 | 1;
  /** From UTC, in minutes. */
  offset: number;
}

export function localTimeAt(zoneName: string, ms: number): LocalTime {
  const second = Math.floor(ms / 1000);
  const zone = zoneOf(zoneName, second);
  const segment = zone.segmentAt(second);
  const offset = zone.segments.offsetS[segment];
  const naive = second + offset;
  const pass = naive < zone.segments.shownUntil[segment] ? 1 : 0;
  return { local: formatLocal(naive), pass, offset: offset / 60 };
}

/**
 * The instants at which a clock shows a local time (`2026-11-01T01:30`): one as a rule, none in a
 * gap, two in an overlap. Undefined when the text is no local time.
 */
export function instantsOfLocal(zone: string, local: string): number[] | undefined {
  const naive = parseLocal(local);
  return naive === undefined ? undefined : instantsOf(zone, naive).map((second) => second * 1000);
}
