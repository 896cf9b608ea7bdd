import { checkCalendarUses } from './check-schedule.js';
import { checkTask, placeOf } from './check-task.js';
import { partOfCommand } from './command-id.js';
import { type DefinitionCommand, defineBy } from './commands.js';
import { commandBy, type GatewayParts, visible } from './gateway-parts.js';
import { type Caller } from './identity.js';
import { BULK_IN_FLIGHT_MAX, PATCH_TRIES_MAX } from './limits.js';
import { type Fault, invalid, RequestProblem, unknownTask } from './problem.js';
import { findAutomation } from './queries/automations.js';
import { calendarsByIds } from './queries/calendars.js';
import { findTask, schedulesOfTasks } from './queries/tasks.js';
import { timingOf } from './schedule-times.js';
import { type TaskInputShape, type TaskPatchShape } from './shapes/task-input.js';
import { completeTask, draftOf, patchTask, type TaskDefinition } from './task-definition.js';
import { definitionOf } from './task-of-rows.js';

/** By which field the caller gave them: faults are told there. */
export type SchedulesShape = 'one' | 'many';

function shapeOf({ schedule }: TaskPatchShape): SchedulesShape {
  return schedule === undefined ? 'many' : 'one';
}

/** What a caller does to tasks: checked here with every fault named, decided by the definitions. */

export interface Changed {
  readonly id: string;
  /** Sequence in DEFINITIONS. */
  readonly position: number;
  /** Whether what is read from now on has it. */
  readonly isReadable: boolean;
}

export interface By {
  readonly caller: Caller;
  readonly idempotencyKey?: string;
}

export async function createTask(
  parts: GatewayParts,
  by: By,
  input: TaskInputShape,
): Promise<Changed & { task: TaskDefinition }> {
  const task = await checkedTask(parts, by.caller, completeTask(input), shapeOf(input));
  const changed = await define(parts, by, {
    case: 'createTask',
    value: { $typeName: 'task.v1.CreateTask', draft: draftOf(task) },
  });
  return { ...changed, task };
}

export async function replaceTask(
  parts: GatewayParts,
  by: By,
  change: { taskId: string; input: TaskInputShape; expectedPosition?: number },
): Promise<Changed> {
  const { taskId, input, expectedPosition = 0 } = change;
  const task = await checkedTask(parts, by.caller, completeTask(input), shapeOf(input));
  return define(parts, by, updateOf(taskId, task, { expectedPosition, note: input.note }));
}

/** Changes some fields. */
export function patchTaskBy(
  parts: GatewayParts,
  by: By,
  change: { taskId: string; patch: TaskPatchShape; expectedPosition?: number },
): Promise<Changed> {
  const { patch, ...rest } = change;
  const edit = (current: TaskDefinition) => patchTask(current, patch);
  return editTask(parts, by, { ...rest, edit, shape: shapeOf(patch), note: patch.note });
}

/**
 * Makes of the task as the read model knows it another one. The position that it was read at goes
 * along: when somebody else was faster, it is read and edited again.
 */
export async function editTask(
  parts: GatewayParts,
  by: By,
  change: {
    taskId: string;
    edit: (current: TaskDefinition) => TaskDefinition;
    shape: SchedulesShape;
    expectedPosition?: number;
    note?: string;
  },
): Promise<Changed> {
  const { taskId, edit, shape, expectedPosition, note } = change;
  const { account } = by.caller;
  for (let tries = 1; ; tries++) {
    const row = await findTask(parts.db, account, taskId);
    if (row === undefined) throw unknownTask(taskId);
    const schedules = await schedulesOfTasks(parts.db, account, [taskId]);
    const task = await checkedTask(parts, by.caller, edit(definitionOf(row, schedules)), shape);
    try {
      const at = { expectedPosition: expectedPosition ?? row.position, note };
      return await define(parts, by, updateOf(taskId, task, at));
    } catch (error) {
      const mayTryAgain = expectedPosition === undefined && tries < PATCH_TRIES_MAX;
      if (!isChangedSince(error) || !mayTryAgain) throw error;
      // The read model was behind: it is given the time it needs to see the other change.
      await visible(parts, by.caller, 'DEFINITIONS', row.position + 1);
    }
  }
}

export function pauseTask(
  parts: GatewayParts,
  by: By,
  taskId: string,
  reason = '',
): Promise<Changed> {
  return define(parts, by, {
    case: 'pauseTask',
    value: { $typeName: 'task.v1.PauseTask', taskId, reason },
  });
}

export function resumeTask(parts: GatewayParts, by: By, taskId: string): Promise<Changed> {
  return define(parts, by, {
    case: 'resumeTask',
    value: { $typeName: 'task.v1.ResumeTask', taskId },
  });
}

export function deleteTask(parts: GatewayParts, by: By, taskId: string): Promise<Changed> {
  return define(parts, by, {
    case: 'deleteTask',
    value: { $typeName: 'task.v1.DeleteTask', taskId },
  });
}

export type BulkAction = 'pause' | 'resume' | 'delete';

export interface BulkOutcome {
  readonly success: string[];
  readonly failed: { taskId: string; error: string }[];
  readonly position: number;
}

/** Each task for itself: one that fails stops no other. */
export async function changeTasks(
  parts: GatewayParts,
  { caller, idempotencyKey }: By,
  { action, taskIds }: { action: BulkAction; taskIds: readonly string[] },
): Promise<BulkOutcome> {
  const outcome = { success: [] as string[], failed: [] as BulkOutcome['failed'], position: 0 };
  const { commandId } = commandBy(parts, caller, idempotencyKey);
  const left = [...new Set(taskIds)];
  const work = async () => {
    for (let taskId = left.shift(); taskId !== undefined; taskId = left.shift()) {
      const context = { ...commandBy(parts, caller), commandId: partOfCommand(commandId, taskId) };
      try {
        const { position } = await defineBy(context, bulkCommand(action, taskId));
        outcome.success.push(taskId);
        outcome.position = Math.max(outcome.position, position);
      } catch (error) {
        if (!(error instanceof RequestProblem)) throw error;
        outcome.failed.push({ taskId, error: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: BULK_IN_FLIGHT_MAX }, work));
  await visible(parts, caller, 'DEFINITIONS', outcome.position);
  return outcome;
}

function bulkCommand(action: BulkAction, taskId: string): DefinitionCommand {
  switch (action) {
    case 'pause':
      return { case: 'pauseTask', value: { $typeName: 'task.v1.PauseTask', taskId, reason: '' } };
    case 'resume':
      return { case: 'resumeTask', value: { $typeName: 'task.v1.ResumeTask', taskId } };
    case 'delete':
      return { case: 'deleteTask', value: { $typeName: 'task.v1.DeleteTask', taskId } };
  }
}

async function define(parts: GatewayParts, by: By, body: DefinitionCommand): Promise<Changed> {
  const { id, position } = await defineBy(commandBy(parts, by.caller, by.idempotencyKey), body);
  return { id, position, isReadable: await visible(parts, by.caller, 'DEFINITIONS', position) };
}

function updateOf(
  taskId: string,
  task: TaskDefinition,
  { expectedPosition, note = '' }: { expectedPosition: number; note?: string },
): DefinitionCommand {
  return {
    case: 'updateTask',
    value: {
      $typeName: 'task.v1.UpdateTask',
      taskId,
      draft: draftOf(task),
      expectedPosition,
      note,
    },
  };
}

/** The task with its zones as the database of zones spells them. Throws all its faults at once. */
async function checkedTask(
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

function isChangedSince(error: unknown): boolean {
  return error instanceof RequestProblem && error.kind === 'changed-since';
}
