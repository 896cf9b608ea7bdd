import { create, task as t } from '#libs/contracts';
import { parseDuration } from '#libs/cron';
import { type CalendarUse, DEFAULT_POLICIES, type ScheduleDefinition } from '#libs/read-model';
import { type ScheduleInputShape } from '../shapes/schedule-input.js';

/**
 * One schedule, complete, in the one shape that the read model has of it, too: from what a caller
 * says, and to the words of the log.
 */
export interface DefinedSchedule extends ScheduleDefinition {
  /** Absent: a new one. */
  readonly id?: string;
}

type Timing = ScheduleDefinition['timing'];

/** What is left out is as a new schedule has it. */
export function completeSchedule(input: ScheduleInputShape): DefinedSchedule {
  const { id, startDeadline, spread, jitter, parameters, catchUp, overlap } = input;
  return {
    ...(id === undefined ? {} : { id }),
    name: input.name ?? '',
    timing: timingOfInput(input),
    zone: input.timezone ?? 'UTC',
    dst: input.dst ?? 'vixie',
    enabled: input.enabled ?? true,
    ...(input.from === undefined ? {} : { from: isoOf(input.from) }),
    ...(input.until === undefined ? {} : { until: isoOf(input.until) }),
    ...(input.maxRuns === undefined ? {} : { maxRuns: input.maxRuns }),
    catchUp: {
      mode: catchUp?.mode ?? DEFAULT_POLICIES.catchUp.mode,
      ...secondsOf('windowSeconds', catchUp?.window),
      ...(catchUp?.limit === undefined ? {} : { limit: catchUp.limit }),
    },
    ...secondsOf('startDeadlineSeconds', startDeadline),
    overlap: {
      policy: overlap?.policy ?? DEFAULT_POLICIES.overlap.policy,
      ...(overlap?.bufferLimit === undefined ? {} : { bufferLimit: overlap.bufferLimit }),
    },
    ...secondsOf('spreadSeconds', spread),
    ...secondsOf('jitterSeconds', jitter),
    calendars: (input.calendars ?? []).map(
      ({ calendarId, role = 'exclude', action = 'skip' }): CalendarUse => ({
        calendarId,
        role,
        action,
      }),
    ),
    ...(parameters === undefined ? {} : { parameters }),
  };
}

/** An interval that is no duration becomes one of zero, which `check-schedule.ts` refuses. */
function timingOfInput({ cron, every, anchor, at, rrule, start }: ScheduleInputShape): Timing {
  if (every !== undefined)
    return { every: parseDuration(every) ?? 0, anchor: isoOf(anchor ?? '1970-01-01T00:00:00Z') };
  if (at !== undefined) return { at: isoOf(at) };
  if (rrule !== undefined) return { rrule, start: start ?? '' };
  return { cron: cron ?? '' };
}

function isoOf(text: string): string {
  return new Date(text).toISOString();
}

function secondsOf<K extends string>(key: K, text: string | undefined): { [P in K]?: number } {
  const ms = text === undefined ? 0 : (parseDuration(text) ?? 0);
  return (ms === 0 ? {} : { [key]: ms / 1_000 }) as { [P in K]?: number };
}

const DST_POLICIES: Record<ScheduleDefinition['dst'], t.DstPolicy> = {
  vixie: t.DstPolicy.VIXIE,
  skip: t.DstPolicy.SKIP,
  wall: t.DstPolicy.WALL,
};
const CATCH_UPS: Record<ScheduleDefinition['catchUp']['mode'], t.CatchUpMode> = {
  none: t.CatchUpMode.NONE,
  latest: t.CatchUpMode.LATEST,
  all: t.CatchUpMode.ALL,
};
const OVERLAPS: Record<ScheduleDefinition['overlap']['policy'], t.OverlapPolicy> = {
  skip: t.OverlapPolicy.SKIP,
  buffer_one: t.OverlapPolicy.BUFFER_ONE,
  buffer_all: t.OverlapPolicy.BUFFER_ALL,
  cancel_other: t.OverlapPolicy.CANCEL_OTHER,
  terminate_other: t.OverlapPolicy.TERMINATE_OTHER,
  allow_all: t.OverlapPolicy.ALLOW_ALL,
};
const ROLES: Record<CalendarUse['role'], t.CalendarRole> = {
  include: t.CalendarRole.INCLUDE,
  exclude: t.CalendarRole.EXCLUDE,
};
const ACTIONS: Record<CalendarUse['action'], t.CalendarAction> = {
  skip: t.CalendarAction.SKIP,
  at_end: t.CalendarAction.AT_END,
  next_day: t.CalendarAction.NEXT_DAY,
};

/** In the words of the log. A default policy is left unsaid, so that saying it changes nothing. */
export function loggedSchedule(schedule: DefinedSchedule): t.Schedule {
  const { id = '', name, zone, dst, enabled, catchUp, overlap, calendars, parameters } = schedule;
  return create(t.ScheduleSchema, {
    id,
    name,
    zone,
    dst: DST_POLICIES[dst],
    enabled,
    ...loggedTiming(schedule.timing),
    fromMs: msOf(schedule.from),
    untilMs: msOf(schedule.until),
    maxRuns: schedule.maxRuns ?? 0,
    ...(isDefault(catchUp, 'latest', catchUp.mode) ? {} : { catchUp: loggedCatchUp(catchUp) }),
    startDeadlineMs: wholeMs(schedule.startDeadlineSeconds),
    ...(isDefault(overlap, 'skip', overlap.policy)
      ? {}
      : {
          overlap: create(t.OverlapSchema, {
            policy: OVERLAPS[overlap.policy],
            bufferLimit: overlap.bufferLimit ?? 0,
          }),
        }),
    spreadMs: wholeMs(schedule.spreadSeconds),
    jitterMs: wholeMs(schedule.jitterSeconds),
    calendars: calendars.map(({ calendarId, role, action }) =>
      create(t.CalendarUseSchema, { calendarId, role: ROLES[role], action: ACTIONS[action] }),
    ),
    parametersJson: parameters === undefined ? '' : JSON.stringify(parameters),
  });
}

function isDefault(policy: object, word: string, said: string): boolean {
  return said === word && Object.keys(policy).length === 1;
}

function loggedCatchUp({ mode, windowSeconds, limit }: ScheduleDefinition['catchUp']) {
  return create(t.CatchUpSchema, {
    mode: CATCH_UPS[mode],
    windowMs: wholeMs(windowSeconds),
    limit: limit ?? 0,
  });
}

function loggedTiming(timing: Timing) {
  if ('every' in timing)
    return {
      every: create(t.EverySchema, { everyMs: timing.every, anchorMs: msOf(timing.anchor) }),
    };
  if ('at' in timing) return { atMs: msOf(timing.at) };
  if ('rrule' in timing)
    return {
      recurrence: create(t.RecurrenceSchema, { rule: timing.rrule, start: timing.start }),
    };
  return { cron: timing.cron };
}

function msOf(iso: string | undefined): number {
  return iso === undefined ? 0 : Date.parse(iso);
}

function wholeMs(seconds: number | undefined): number {
  return Math.round((seconds ?? 0) * 1_000);
}
