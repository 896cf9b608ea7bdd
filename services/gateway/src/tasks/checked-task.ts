import { type GatewayParts } from '../gateway-parts.js';
import { type Caller } from '../identity.js';
import { type Fault, invalid } from '../problems/problem.js';
import { findAutomation } from '../queries/automations.js';
import { calendarsByIds } from '../queries/calendars.js';
import { checkCalendarUses } from '../schedules/check-schedule.js';
import { timingOf } from '../schedules/schedule-times.js';
import { type TaskPatchShape } from '../shapes/task-input.js';
import { checkTask, placeOf } from './check-task.js';
import { type TaskDefinition } from './task-definition.js';

/** By which field the caller gave them: faults are told there. */
export type SchedulesShape = 'one' | 'many';

export function shapeOf({ schedule }: TaskPatchShape): SchedulesShape {
  return schedule === undefined ? 'many' : 'one';
}

/** The task with its zones as the database of zones spells them. Throws all its faults at once. */
export async function checkedTask(
  parts: GatewayParts,
  caller: Caller,
  task: TaskDefinition,
  shape: SchedulesShape,
): Promise<TaskDefinition> {
  const faults = checkTask(task, shape);
  if (faults.length === 0) faults.push(...(await checkReferences(parts, caller, task, shape)));
  if (faults.length > 0) throw invalid(faults);
  return {
    ...task,
    schedules: task.schedules.map((one) => ({ ...one, zone: timingOf(one)?.zone ?? one.zone })),
  };
}

/** That what the task names is there. */
async function checkReferences(
  parts: GatewayParts,
  { account }: Caller,
  task: TaskDefinition,
  shape: SchedulesShape,
): Promise<Fault[]> {
  try {
    return [
      ...(await checkAutomation(parts, account, task)),
      ...(await checkCalendars(parts, account, task, shape)),
    ];
  } catch (error) {
    // Definitions are taken while Postgres is away: the dispatcher checks the target at each run, and
    // a calendar that is not there stands in nobody's way.
    parts.log.warn({ err: error }, 'what a task names could not be looked up');
    return [];
  }
}

async function checkCalendars(
  { db }: GatewayParts,
  account: string,
  { schedules }: TaskDefinition,
  shape: SchedulesShape,
): Promise<Fault[]> {
  const ids = schedules.flatMap(({ calendars }) => calendars.map(({ calendarId }) => calendarId));
  if (ids.length === 0) return [];
  const known = new Set((await calendarsByIds(db, account, ids)).map(({ id }) => id));
  return checkCalendarUses(schedules, known, (place) => placeOf(shape, place));
}

async function checkAutomation(
  { db }: GatewayParts,
  account: string,
  { target: { automationId } }: TaskDefinition,
): Promise<Fault[]> {
  if (automationId === undefined || (await findAutomation(db, account, automationId))) return [];
  return [
    {
      path: '/target/automationId',
      code: 'automation-unknown',
      message: 'There is no automation with this id.',
      remedy: 'Save the automation first, and use the id it was given.',
    },
  ];
}
