import { type ScheduleRow, type TaskRow, type TaskStatsRow } from './queries/tasks.js';
import {
  type DstPolicyWord,
  dstPolicyWords,
  type TaskStatusWord,
  type TaskTypeWord,
} from './shapes/words.js';
import { type TaskDefinition } from './task-definition.js';

/** What the read model has of a task, in the words of the API. */
export function definitionOf(row: TaskRow, schedules: readonly ScheduleRow[]): TaskDefinition {
  return {
    name: row.name,
    description: row.description,
    type: row.type as TaskTypeWord,
    target: targetOf(row),
    schedules: schedules.map(({ id, cron, zone, dst, enabled }) => ({
      id,
      cron,
      timezone: zone,
      dst: dstOf(dst),
      enabled,
    })),
    parameters: row.parameters,
    settings: row.settings,
    enabled: row.status === 'active',
  };
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

export function dstOf(word: string): DstPolicyWord {
  return dstPolicyWords.find((known) => known === word) ?? 'vixie';
}

/** Milliseconds; null before the first run has ended. */
export function averageOf(stats: TaskStatsRow): number | null {
  return stats.duration_count === 0
    ? null
    : Math.round(stats.duration_sum_ms / stats.duration_count);
}
