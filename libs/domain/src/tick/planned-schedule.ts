import type { task as t } from '#libs/contracts';
import { slotsBetween, type Timing } from '#libs/cron';
import type { Member } from './group.js';

/**
 * What the plan keeps of a schedule: there may be a million of them. (A message of so many fields is
 * a hash table to V8, of 800 bytes; written out like this it is an object of 100.)
 */
export type PlannedSchedule = Pick<
  t.Schedule,
  | 'id'
  | 'revision'
  | 'enabled'
  | 'fromMs'
  | 'untilMs'
  | 'maxRuns'
  | 'catchUp'
  | 'startDeadlineMs'
  | 'spreadMs'
  | 'jitterMs'
  | 'calendars'
>;

export interface Planned {
  readonly schedule: PlannedSchedule;
  readonly timing: Timing;
}

const NO_CALENDARS: t.CalendarUse[] = [];

export function plannedOf(schedule: t.Schedule, timing: Timing): Planned {
  const { id, revision, enabled, fromMs, untilMs, maxRuns } = schedule;
  const { catchUp, startDeadlineMs, spreadMs, jitterMs, calendars } = schedule;
  return {
    timing,
    schedule: {
      id,
      revision,
      enabled,
      fromMs,
      untilMs,
      maxRuns,
      catchUp,
      startDeadlineMs,
      spreadMs,
      jitterMs,
      calendars: calendars.length === 0 ? NO_CALENDARS : calendars,
    },
  };
}

export interface PlannedIn {
  readonly account: string;
  readonly taskId: string;
  readonly paused: boolean;
  /** What is due up to here is decided, or another definition's. */
  readonly fromMs: number;
  /** When its definition was made: its runs are counted from here. */
  readonly atMs: number;
}

export function memberOf({ schedule, timing }: Planned, within: PlannedIn): Member {
  const { account, taskId, paused, fromMs, atMs } = within;
  return {
    account,
    taskId,
    schedule,
    key: `${taskId}/${schedule.id}`,
    paused,
    sinceMs: Math.max(fromMs, schedule.fromMs - 1),
    untilMs: endOf(schedule, timing, atMs),
  };
}

/** The last instant that a schedule may have: by its end, or by the number of its slots. */
function endOf(schedule: PlannedSchedule, timing: Timing, atMs: number): number {
  const untilMs = schedule.untilMs > 0 ? schedule.untilMs : Number.POSITIVE_INFINITY;
  if (schedule.maxRuns === 0) return untilMs;
  const fromMs = Math.max(atMs, schedule.fromMs - 1);
  const bound = Math.min(untilMs, Number.MAX_SAFE_INTEGER);
  const { slots } = slotsBetween(timing, fromMs, bound, schedule.maxRuns);
  return Math.min(untilMs, slots[schedule.maxRuns - 1]?.dueAtMs ?? untilMs);
}
