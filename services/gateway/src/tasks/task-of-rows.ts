import { scheduleDefinition } from '#libs/read-model';
import { type ScheduleRow, type TaskRow, type TaskStatsRow } from '../queries/tasks.js';
import { type DefinedSchedule } from '../schedules/schedule-definition.js';
import { type RingingSchedule } from '../schedules/schedule-times.js';
import { type TaskStatusWord, type TaskTypeWord } from '../shapes/words.js';
import { type TaskDefinition } from './task-definition.js';

/** What the read model has of a task, in the words of the API. */
export function definitionOf(row: TaskRow, schedules: readonly ScheduleRow[]): TaskDefinition {
  return {
    name: row.name,
    description: row.description,
    type: row.type as TaskTypeWord,
    target: targetOf(row),
    schedules: schedules.map(knownSchedule),
    parameters: row.parameters,
    settings: row.settings,
    enabled: row.status === 'active',
  };
}

/** A schedule as it is in force. */
export type KnownSchedule = DefinedSchedule &
  RingingSchedule & { readonly id: string; readonly revision: number };

export function knownSchedule(row: ScheduleRow): KnownSchedule {
  const { id, revision, since } = row;
  const known = { ...scheduleDefinition(row), id, revision };
  return since === null ? known : { ...known, sinceMs: since.getTime() };
}

/** Only the part of the target that its type has. */
export function targetOf({ target }: TaskRow): TaskDefinition['target'] {
  const { automationId, workflowId, systemTask } = target;
  return {
    ...(automationId ? { automationId } : {}),
    ...(workflowId ? { workflowId } : {}),
    ...(systemTask ? { systemTask } : {}),
  };
}

export function statusOf({ status }: TaskRow): TaskStatusWord {
  return status === 'deleted' ? 'disabled' : status;
}

/** Milliseconds; null before the first run has ended. */
export function averageOf(stats: TaskStatsRow): number | null {
  return stats.duration_count === 0
    ? null
    : Math.round(stats.duration_sum_ms / stats.duration_count);
}
