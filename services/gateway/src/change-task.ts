import { checkTask } from './check-task.js';
import { partOfCommand } from './command-id.js';
import { type DefinitionCommand, defineBy } from './commands.js';
import { commandBy, type GatewayParts, visible } from './gateway-parts.js';
import { type Caller } from './identity.js';
import { BULK_IN_FLIGHT_MAX, PATCH_TRIES_MAX } from './limits.js';
import { type Fault, invalid, RequestProblem, unknownTask } from './problem.js';
import { findAutomation } from './queries/automations.js';
import { findTask, schedulesOfTasks } from './queries/tasks.js';
import { timingOf } from './schedule-times.js';
import { type TaskInputShape, type TaskPatchShape } from './shapes/task-input.js';
import { completeTask, draftOf, patchTask, type TaskDefinition } from './task-definition.js';
import { definitionOf } from './task-of-rows.js';

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
  const task = await checkedTask(parts, by.caller, completeTask(input), input);
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
  const task = await checkedTask(parts, by.caller, completeTask(input), input);
  return define(parts, by, updateOf(taskId, task, expectedPosition));
}

/**
 * Changes some fields. The rest is what the read model knows, and the position that it was read at
 * goes along: when somebody else was faster, it is read and applied again.
 */
export async function patchTaskBy(
  parts: GatewayParts,
  by: By,
  change: { taskId: string; patch: TaskPatchShape; expectedPosition?: number },
): Promise<Changed> {
  const { taskId, patch, expectedPosition } = change;
  const { account } = by.caller;
  for (let tries = 1; ; tries++) {
    const row = await findTask(parts.db, account, taskId);
    if (row === undefined) throw unknownTask(taskId);
    const schedules = await schedulesOfTasks(parts.db, account, [taskId]);
    const patched = patchTask(definitionOf(row, schedules), patch);
    const task = await checkedTask(parts, by.caller, patched, patch);
    try {
      return await define(parts, by, updateOf(taskId, task, expectedPosition ?? row.position));
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
  expectedPosition: number,
): DefinitionCommand {
  return {
    case: 'updateTask',
    value: {
      $typeName: 'task.v1.UpdateTask',
      taskId,
      draft: draftOf(task),
      expectedPosition,
      note: '',
    },
  };
}

/** The task with its zones as the database of zones spells them. Throws all its faults at once. */
async function checkedTask(
  parts: GatewayParts,
  caller: Caller,
  task: TaskDefinition,
  input: TaskPatchShape,
): Promise<TaskDefinition> {
  const faults = checkTask(task, input.schedule === undefined ? 'many' : 'one');
  if (faults.length === 0) faults.push(...(await checkAutomation(parts, caller, task)));
  if (faults.length > 0) throw invalid(faults);
  return {
    ...task,
    schedules: task.schedules.map((one) => ({
      ...one,
      timezone: timingOf({ ...one, zone: one.timezone })?.zone ?? one.timezone,
    })),
  };
}

async function checkAutomation(
  { db, log }: GatewayParts,
  { account }: Caller,
  { target: { automationId } }: TaskDefinition,
): Promise<Fault[]> {
  if (automationId === undefined) return [];
  try {
    if (await findAutomation(db, account, automationId)) return [];
  } catch (error) {
    // Definitions are taken while Postgres is away; the dispatcher checks the target at each run.
    log.warn({ err: error }, 'the automation of a task could not be looked up');
    return [];
  }
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
