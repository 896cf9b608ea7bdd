import { judgeOf } from './judge-slots.js';
import { NEXT_LOOKED_MAX } from './limits.js';
import { type CalendarRow } from './queries/calendars.js';
import { type DefinedSchedule } from './schedule-definition.js';
import { nextRunsOf, nextSlotsOf, type RingingSchedule, timingOf } from './schedule-times.js';

/**
 * When a schedule starts next, with what its calendars do to it: what they skip is left out, and what
 * they move stands where it is moved to. Spread, jitter and maintenances are not looked at.
 */
export type StartingSchedule = DefinedSchedule & RingingSchedule;

/** Slots looked at in one go, between two judgements of whether there are enough. */
const LOOK = 50;

export function nextStartsOf(
  schedule: StartingSchedule,
  calendars: readonly CalendarRow[],
  afterMs: number,
  count: number,
): number[] {
  const used = calendars.filter(({ id }) =>
    schedule.calendars.some((use) => use.calendarId === id),
  );
  const timing = timingOf(schedule);
  if (used.length === 0 || timing === undefined) return nextRunsOf(schedule, afterMs, count);
  const verdictOf = judgeOf(schedule, timing, { calendars: used, maintenances: [] });
  const starts = new Set<number>();
  let fromMs = afterMs;
  for (let looked = 0; looked < NEXT_LOOKED_MAX && starts.size < count; looked += LOOK) {
    const slots = nextSlotsOf(schedule, fromMs, LOOK);
    for (const slot of slots) {
      const { verdict, effectiveAtMs } = verdictOf(slot);
      if (verdict === 'runs') starts.add(slot.dueAtMs);
      if (verdict === 'moved') starts.add(effectiveAtMs);
    }
    const last = slots.at(-1);
    if (last === undefined || slots.length < LOOK) break;
    fromMs = last.dueAtMs;
  }
  return [...starts].sort((a, b) => a - b).slice(0, count);
}

/** Of a task: of all its schedules, each instant once. */
export function nextStartsOfAll(
  schedules: readonly StartingSchedule[],
  calendars: readonly CalendarRow[],
  afterMs: number,
  count: number,
): number[] {
  const all = schedules.flatMap((one) => nextStartsOf(one, calendars, afterMs, count));
  return [...new Set(all)].sort((a, b) => a - b).slice(0, count);
}
