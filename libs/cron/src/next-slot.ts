/**
 * The next slot of a timing: a walk over a zone's segments of constant offset. Inside a segment
 * local time is plain arithmetic; between two of them the DST policy decides. It keeps no state:
 * asking anew from a slot gives what iterating gives.
 */
import { DAY_S, formatLocal } from './calendar.js';
import { compileCron } from './compile.js';
import { EARLIEST_MS, HORIZON_YEARS, LATEST_MS, LONGEST_FOLDED_GAP_S } from './limits.js';
import { localTimeAt } from './local-time.js';
import { type Recurrence } from './recurrence.js';
import { compileRule } from './rrule.js';
import {
  type CronTiming,
  type DstPolicy,
  type RruleTiming,
  type Slot,
  type Timing,
} from './timing.js';
import { type Zone, zoneOf } from './zone.js';

const HORIZON_S = HORIZON_YEARS * 366 * DAY_S;

/** The first slot strictly after an instant, or undefined within the horizon. */
export function nextSlot(timing: Timing, afterMs: number): Slot | undefined {
  if (Number.isNaN(afterMs)) throw new RangeError('afterMs is not a number');
  const after = Math.min(Math.max(afterMs, EARLIEST_MS - 1), LATEST_MS);
  switch (timing.kind) {
    case 'cron':
    case 'rrule':
      return nextLocalSlot(timing, Math.floor(after / 1000));
    case 'every': {
      const { everyMs, anchorMs } = timing;
      const dueAtMs = anchorMs + (Math.floor((after - anchorMs) / everyMs) + 1) * everyMs;
      return dueAtMs < LATEST_MS ? slotAt(timing.zone, dueAtMs) : undefined;
    }
    case 'at':
      return timing.atMs > after && timing.atMs < LATEST_MS
        ? slotAt(timing.zone, timing.atMs)
        : undefined;
  }
}

/** The slot whose identity is what the zone's clock shows at an instant. */
function slotAt(zone: string, dueAtMs: number): Slot {
  const { local, pass } = localTimeAt(zone, dueAtMs);
  return { local, pass, dueAtMs };
}

export function recurrenceOf(timing: CronTiming | RruleTiming): Recurrence {
  return timing.kind === 'cron' ? compileCron(timing.expression) : compileRule(timing);
}

function nextLocalSlot(timing: CronTiming | RruleTiming, after: number): Slot | undefined {
  const recurrence = recurrenceOf(timing);
  const zone = zoneOf(timing.zone, after);
  const limit = Math.min(after + HORIZON_S, LATEST_MS / 1000 - 1);
  const limitLocal = limit + 2 * DAY_S;
  const fixed = timing.dst === 'vixie' && !recurrence.wild;
  const bothPasses = firesInBothPasses(timing.dst, recurrence.wild);
  const { offsetS, shownUntil } = zone.segments;

  let segment = zone.segmentAt(after);
  const start = after + offsetS[segment];
  let local = nextLocal(
    recurrence,
    bothPasses ? start : Math.max(start, shownUntil[segment] - 1),
    limitLocal,
  );
  for (;;) {
    const instant = Math.min(local - offsetS[segment], limit + 1);
    const end = endWithin(zone, segment, instant);
    if (end === undefined) {
      if (instant > limit) return undefined;
      const pass = local < shownUntil[segment] ? 1 : 0;
      return { local: formatLocal(local), pass, dueAtMs: instant * 1000 };
    }
    segment++;
    const opening = end + offsetS[segment];
    const closing = shownUntil[segment];
    if (opening < closing) {
      if (bothPasses) local = Math.min(local, nextLocal(recurrence, opening - 1, closing - 1));
    } else if (local < opening) {
      const folds = fixed && opening - closing <= LONGEST_FOLDED_GAP_S;
      if (folds) return { ...foldGap(recurrence, local, opening), dueAtMs: end * 1000 };
      local = nextLocal(recurrence, opening - 1, limitLocal);
    }
  }
}

function nextLocal(recurrence: Recurrence, after: number, limit: number): number {
  const local = recurrence.next(after, limit);
  return local < 0 ? Number.POSITIVE_INFINITY : local;
}

/** The end of a segment if it is at or before an instant; looks only as far as it must. */
function endWithin(zone: Zone, segment: number, instant: number): number | undefined {
  let end = zone.endOf(segment);
  while (end === undefined && zone.untilS <= instant && zone.extend()) end = zone.endOf(segment);
  return end !== undefined && end <= instant ? end : undefined;
}

/**
 * Fixed times that a gap swallowed run once, at its end. When a time of the expression lies exactly
 * there, it is the slot and the swallowed ones are folded into it; else the first of them is.
 */
function foldGap(recurrence: Recurrence, first: number, opening: number): Omit<Slot, 'dueAtMs'> {
  let swallowed = 0;
  for (let at = first; at >= 0; at = recurrence.next(at, opening - 1)) swallowed++;
  const due = recurrence.next(opening - 1, opening) === opening;
  const missed = due ? swallowed : swallowed - 1;
  const local = formatLocal(due ? opening : first);
  return missed > 0 ? { local, pass: 0, missed } : { local, pass: 0 };
}

export function firesInBothPasses(dst: DstPolicy, wild: boolean): boolean {
  return dst === 'wall' || (dst === 'vixie' && wild);
}
