import type { task } from '#libs/contracts';
import type { Row } from '../columns.js';
import {
  type CalendarUse,
  type SchedulePolicies,
  scheduleDefinition,
  type Timing,
} from '../schedule.js';
import { instant, int4, int8, jsonOf, jsonOrNull, key, name, text } from '../storable.js';
import { calendarAction, calendarRole, catchUpMode, dstPolicy, overlapPolicy } from './words.js';

export type ScheduleRow = Row<'schedule'>;

export function scheduleRow(
  schedule: task.Schedule,
  owner: { readonly account: string; readonly id: string },
): ScheduleRow {
  const timing = timingOf(schedule);
  return {
    account: owner.account,
    id: key(schedule.id),
    task_id: owner.id,
    place: 0,
    cron: timing === undefined ? text(schedule.cron) : '',
    zone: text(schedule.zone),
    dst: dstPolicy(schedule.dst),
    enabled: schedule.enabled,
    revision: int4(schedule.revision),
    name: name(schedule.name),
    timing: timing === undefined ? null : jsonOf(timing),
    policies: jsonOf(policiesOf(schedule)),
    calendars: jsonOf(schedule.calendars.map(calendarUseOf)),
    parameters: jsonOrNull(schedule.parametersJson),
  };
}

/**
 * The definition as JSON. The parameters are put in as they stand: parsed and printed again, their
 * numbers would depend on whether the row came from the table or from the batch.
 */
export function definitionJson(row: ScheduleRow): string {
  const { timing, policies, calendars, parameters } = row;
  const definition = JSON.stringify(
    scheduleDefinition({
      ...row,
      timing: timing === null ? null : (JSON.parse(timing) as Timing),
      policies: JSON.parse(policies) as SchedulePolicies,
      calendars: JSON.parse(calendars) as CalendarUse[],
      parameters: null,
    }),
  );
  return parameters === null
    ? definition
    : `${definition.slice(0, -1)},"parameters":${parameters}}`;
}

/** Undefined when it rings by its cron expression. The order is that of the ticker. */
function timingOf({ every, atMs, recurrence }: task.Schedule): Timing | undefined {
  if (every) return { every: int8(every.everyMs), anchor: instantText(every.anchorMs) };
  if (atMs > 0) return { at: instantText(atMs) };
  if (recurrence) return { rrule: recurrence.rule, start: recurrence.start };
  return undefined;
}

function policiesOf(schedule: task.Schedule): SchedulePolicies {
  const { fromMs, untilMs, maxRuns, catchUp, startDeadlineMs, overlap } = schedule;
  return {
    ...(isSet(fromMs) && { from: instantText(fromMs) }),
    ...(isSet(untilMs) && { until: instantText(untilMs) }),
    ...(isSet(maxRuns) && { maxRuns }),
    catchUp: {
      mode: catchUpMode(catchUp?.mode ?? 0),
      ...(catchUp && isSet(catchUp.windowMs) && { windowSeconds: seconds(catchUp.windowMs) }),
      ...(catchUp && isSet(catchUp.limit) && { limit: catchUp.limit }),
    },
    ...(isSet(startDeadlineMs) && { startDeadlineSeconds: seconds(startDeadlineMs) }),
    overlap: {
      policy: overlapPolicy(overlap?.policy ?? 0),
      ...(overlap && isSet(overlap.bufferLimit) && { bufferLimit: overlap.bufferLimit }),
    },
    ...(isSet(schedule.spreadMs) && { spreadSeconds: seconds(schedule.spreadMs) }),
    ...(isSet(schedule.jitterMs) && { jitterSeconds: seconds(schedule.jitterMs) }),
  };
}

function calendarUseOf({ calendarId, role, action }: task.CalendarUse): CalendarUse {
  return {
    calendarId: key(calendarId),
    role: calendarRole(role),
    action: calendarAction(action),
  };
}

/** Events say "none" with 0. */
function isSet(value: number): boolean {
  return value !== 0 && !Number.isNaN(value);
}

function seconds(ms: number): number {
  return int8(ms) / 1_000;
}

function instantText(ms: number): string {
  return instant(ms).toISOString();
}
