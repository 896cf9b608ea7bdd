import { type By, type Changed, define, visible } from '../commands/carry-out.js';
import { type DefinitionCommand } from '../commands/commands.js';
import { type GatewayParts } from '../gateway-parts.js';
import { PATCH_TRIES_MAX } from '../limits.js';
import { RequestProblem } from '../problems/problem.js';
import { known, unknownTask } from '../problems/unknown.js';
import { findTask, schedulesOfTasks } from '../queries/tasks.js';
import { type TaskInputShape, type TaskPatchShape } from '../shapes/task-input.js';
import { checkedTask, type SchedulesShape, shapeOf } from './checked-task.js';
import { completeTask, draftOf, patchTask, type TaskDefinition } from './task-definition.js';
import { definitionOf } from './task-of-rows.js';

/** What a caller does to tasks: checked here with every fault named, decided by the definitions. */

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
    const row = known(await findTask(parts.db, account, taskId), unknownTask, taskId);
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

export type TaskVerb = 'pause' | 'resume' | 'delete';

/** Pauses it, for a reason if there is one, lets it go on, or takes it away. */
export function doToTask(
  parts: GatewayParts,
  by: By,
  verb: TaskVerb,
  taskId: string,
  reason?: string,
): Promise<Changed> {
  return define(parts, by, verbCommand(verb, taskId, reason));
}

export function verbCommand(verb: TaskVerb, taskId: string, reason = ''): DefinitionCommand {
  switch (verb) {
    case 'pause':
      return { case: 'pauseTask', value: { $typeName: 'task.v1.PauseTask', taskId, reason } };
    case 'resume':
      return { case: 'resumeTask', value: { $typeName: 'task.v1.ResumeTask', taskId } };
    case 'delete':
      return { case: 'deleteTask', value: { $typeName: 'task.v1.DeleteTask', taskId } };
  }
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

function isChangedSince(error: unknown): boolean {
  return error instanceof RequestProblem && error.kind === 'changed-since';
}
