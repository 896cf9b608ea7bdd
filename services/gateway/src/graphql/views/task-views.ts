import { type ScheduleRow, type TaskRow, type TaskStatsRow } from '../../queries/tasks.js';
import { type StartingTask } from '../../schedules/next-starts.js';
import { descriptionOf } from '../../schedules/schedule-times.js';
import { toldSchedule } from '../../schedules/told-schedule.js';
import { type TaskTypeWord } from '../../shapes/words.js';
import { averageOf, knownSchedule, statusOf, targetOf } from '../../tasks/task-of-rows.js';
import { Schedule } from '../types/schedule-types.js';
import { Task, type TaskStats } from '../types/task-types.js';

/** From rows to the shapes of the schema; each conversion is one function. */

export function taskView(row: TaskRow): Task {
  return Object.assign(new Task(), {
    __typename: 'Task',
    id: row.id,
    name: row.name,
    description: row.description,
    type: row.type as TaskTypeWord,
    target: targetOf(row),
    status: statusOf(row),
    pauseReason: row.pause_reason,
    parameters: row.parameters,
    settings: row.settings,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    version: row.version,
    position: String(row.position),
  });
}

/** A schedule, with what its next runs are foretold from. */
export class ScheduleView extends Schedule {
  /** Its whole task. */
  within: StartingTask;
}

export function startingTask(
  rows: readonly ScheduleRow[],
  { status }: Pick<Task, 'status'>,
): StartingTask {
  return { schedules: rows.map(knownSchedule), paused: status !== 'active' };
}

export function scheduleView(row: ScheduleRow, within: StartingTask): ScheduleView {
  const known = knownSchedule(row);
  return Object.assign(new ScheduleView(), {
    id: row.id,
    taskId: row.task_id,
    revision: row.revision,
    ...toldSchedule(known),
    cron: row.cron,
    description: descriptionOf(known),
    within,
  });
}

export function statsView(row: TaskStatsRow | undefined): TaskStats {
  return {
    totalRuns: row?.total_runs ?? 0,
    successfulRuns: row?.successful_runs ?? 0,
    failedRuns: row?.failed_runs ?? 0,
    averageDuration: row === undefined ? null : averageOf(row),
    consecutiveFailures: row?.consecutive_failures ?? 0,
    lastRun:
      row === undefined || row.last_execution_id === null || row.last_status === null
        ? null
        : {
            executionId: row.last_execution_id,
            startedAt: row.last_started_at,
            status: row.last_status,
            duration: row.last_duration_ms,
          },
  };
}
