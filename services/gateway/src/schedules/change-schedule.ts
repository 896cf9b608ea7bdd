import { type By, type Changed } from '../commands/carry-out.js';
import { type GatewayParts } from '../gateway-parts.js';
import { type Caller } from '../identity.js';
import { invalid } from '../problems/problem.js';
import { unknownSchedule, unknownTask } from '../problems/unknown.js';
import {
  findScheduleVersion,
  type ScheduleVersionRow,
  versionsOfSchedule,
} from '../queries/schedule-versions.js';
import { findTask, schedulesOfTasks } from '../queries/tasks.js';
import { type PreviewBody, type PreviewChangeBody } from '../shapes/preview-input.js';
import { editTask } from '../tasks/change-task.js';
import { knownSchedule } from '../tasks/task-of-rows.js';
import { surroundingsOf } from './around-schedule.js';
import { type ChangePreview, previewChange } from './preview-change.js';
import { type Preview, previewSchedule, readSchedule, usesOf } from './preview-schedule.js';

/** One schedule of a task: what an edit would do, what it was before, and back to that. */

export interface ScheduleOf {
  readonly taskId: string;
  readonly scheduleId: string;
}

export async function previewFor(
  parts: GatewayParts,
  { account }: Caller,
  body: PreviewBody,
): Promise<Preview> {
  const around = await surroundingsOf(parts, account, body.calendars);
  return previewSchedule(body, around, parts.clock.now());
}

/** Throws the faults of the edit: what can't be saved has no consequences to look at. */
export async function previewEdit(
  parts: GatewayParts,
  { account }: Caller,
  { taskId, scheduleId }: ScheduleOf,
  body: PreviewChangeBody,
): Promise<ChangePreview> {
  const rows = await schedulesOfTasks(parts.db, account, [taskId]);
  const row = rows.find(({ id }) => id === scheduleId);
  if (row === undefined) throw await whatIsUnknown(parts, account, { taskId, scheduleId });
  const before = knownSchedule(row);
  const usesBefore = before.calendars.map(({ calendarId }) => ({ calendarId }));
  const given = [...(body.calendars ?? []), ...usesBefore];
  const around = await surroundingsOf(parts, account, given);
  const { schedule, faults } = readSchedule(body);
  const mine = around.faults.filter(({ path }) => placeIn(path) < (body.calendars?.length ?? 0));
  if (schedule === undefined || faults.length + mine.length > 0)
    throw invalid([...faults, ...mine]);
  const after = { ...schedule, id: scheduleId, calendars: usesOf(body.calendars) };
  const nowMs = parts.clock.now();
  return previewChange({ before, after: { ...after, sinceMs: nowMs } }, around, nowMs);
}

/** The place of `/calendars/<place>/...`. */
function placeIn(path: string): number {
  return Number(path.split('/')[2]);
}

export async function readVersions(
  parts: GatewayParts,
  { account }: Caller,
  of: ScheduleOf,
): Promise<ScheduleVersionRow[]> {
  const rows = await versionsOfSchedule(parts.db, account, of);
  if (rows.length === 0) throw await whatIsUnknown(parts, account, of);
  return rows;
}

/** An update like any other: a removed schedule comes back as a new one. */
export async function restoreVersion(
  parts: GatewayParts,
  by: By,
  { version, note, ...of }: ScheduleOf & { version: number; note?: string },
): Promise<Changed> {
  const { account } = by.caller;
  const row = await findScheduleVersion(parts.db, account, { ...of, version });
  if (row === undefined) throw await whatIsUnknown(parts, account, of);
  const { taskId, scheduleId } = of;
  return editTask(parts, by, {
    taskId,
    shape: 'many',
    note: note ?? `Version ${version} restored.`,
    edit: (task) => {
      const isThere = task.schedules.some(({ id }) => id === scheduleId);
      const schedules = isThere
        ? task.schedules.map((one) =>
            one.id === scheduleId ? { ...row.definition, id: scheduleId } : one,
          )
        : [...task.schedules, row.definition];
      return { ...task, schedules };
    },
  });
}

async function whatIsUnknown(
  { db }: GatewayParts,
  account: string,
  { taskId, scheduleId }: ScheduleOf,
) {
  const task = await findTask(db, account, taskId);
  return task === undefined ? unknownTask(taskId) : unknownSchedule(scheduleId);
}
