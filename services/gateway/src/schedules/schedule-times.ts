import { describeTiming, type Slot, slotsBetween, type Timing, validateTiming } from '#libs/cron';
import { type ScheduleDefinition } from '#libs/read-model';

/** What is said of times and schedules; all of it by `libs/cron`, none of it kept. */

export type RingingSchedule = Pick<
  ScheduleDefinition,
  'timing' | 'zone' | 'dst' | 'enabled' | 'from' | 'until' | 'maxRuns'
> & {
  /** Since when its definition is in force: `maxRuns` counts from there. */
  readonly sinceMs?: number;
};
type Rings = Pick<RingingSchedule, 'timing' | 'zone' | 'dst'>;

/** As `validateTiming` takes it. */
export function cronTiming({ timing, zone, dst }: Rings): Timing {
  if ('every' in timing)
    return { kind: 'every', everyMs: timing.every, anchorMs: Date.parse(timing.anchor), zone };
  if ('at' in timing) return { kind: 'at', atMs: Date.parse(timing.at), zone };
  if ('rrule' in timing)
    return { kind: 'rrule', rule: timing.rrule, start: timing.start, zone, dst };
  return { kind: 'cron', expression: timing.cron, zone, dst };
}

/** Undefined for a schedule that this build can't read: its task still has to be shown. */
export function timingOf(schedule: Rings): Timing | undefined {
  const checked = validateTiming(cronTiming(schedule));
  return checked.ok ? checked.timing : undefined;
}

export function descriptionOf(schedule: Rings): string {
  const timing = timingOf(schedule);
  if (timing !== undefined) return describeTiming(timing);
  return Object.values(schedule.timing).join(' ');
}

/** The next slots of a schedule after an instant, within its own bounds. */
export function nextSlotsOf(schedule: RingingSchedule, afterMs: number, count: number): Slot[] {
  const timing = schedule.enabled ? timingOf(schedule) : undefined;
  if (timing === undefined) return [];
  const { fromMs, untilMs } = boundsOf(schedule, timing, schedule.sinceMs ?? afterMs);
  return slotsBetween(timing, Math.max(afterMs, fromMs - 1), untilMs, count).slots;
}

export function nextRunsOf(schedule: RingingSchedule, afterMs: number, count: number): number[] {
  return nextSlotsOf(schedule, afterMs, count).map((slot) => slot.dueAtMs);
}

/** The first and last instant that a schedule may have, as the ticker counts them. */
export function boundsOf(
  { from, until, maxRuns }: Pick<RingingSchedule, 'from' | 'until' | 'maxRuns'>,
  timing: Timing,
  sinceMs: number,
): { fromMs: number; untilMs: number } {
  const fromMs = from === undefined ? 0 : Date.parse(from);
  const untilMs = until === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(until);
  if (maxRuns === undefined) return { fromMs, untilMs };
  const { slots } = slotsBetween(timing, Math.max(sinceMs, fromMs - 1), untilMs, maxRuns);
  return { fromMs, untilMs: slots[maxRuns - 1]?.dueAtMs ?? untilMs };
}

/** `+05:45`. */
export function offsetText(minutes: number): string {
  const whole = Math.round(Math.abs(minutes));
  const pad = (value: number) => `${value}`.padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(whole / 60))}:${pad(whole % 60)}`;
}
