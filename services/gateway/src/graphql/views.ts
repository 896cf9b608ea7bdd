import { artifactsOf } from '../artifact-url.js';
import { costOfRow } from '../cost-of-row.js';
import { type DashboardData } from '../live/dashboard.js';
import { type StartingTask } from '../next-starts.js';
import { type AutomationRow } from '../queries/automations.js';
import { type AttemptRow, type ExecutionRow } from '../queries/executions.js';
import { type LogLines, logCursorOf } from '../queries/logs.js';
import { type ScheduleRow, type TaskRow, type TaskStatsRow } from '../queries/tasks.js';
import { type Accepted } from '../run-task.js';
import { descriptionOf } from '../schedule-times.js';
import {
  type LogLevelWord,
  type PriorityWord,
  type TaskTypeWord,
  type TriggerWord,
} from '../shapes/words.js';
import { averageOf, knownSchedule, statusOf, targetOf } from '../task-of-rows.js';
import { toldSchedule } from '../told-schedule.js';
import { waitsOfRow } from '../waits-of-row.js';
import { type Dashboard } from './dashboard-types.js';
import { Attempt, Execution, type LogPage } from './execution-types.js';
import { Automation, RunAccepted } from './result-types.js';
import { Schedule } from './schedule-types.js';
import { Task, type TaskStats } from './task-types.js';

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

export function executionView(row: ExecutionRow): Execution {
  return Object.assign(new Execution(), {
    id: row.id,
    taskId: row.task_id,
    taskName: row.task_name,
    type: row.type as TaskTypeWord,
    pool: row.pool,
    trigger: row.trigger as TriggerWord,
    status: row.status,
    priority: row.priority as PriorityWord,
    scheduledAt: row.schedule_id === null ? null : row.nominal_at,
    requestedAt: row.requested_at,
    startedAt: row.started_at,
    completedAt: row.ended_at,
    durationMs: row.duration_ms,
    retryCount: Math.max(0, row.attempt - 1),
    attempt: row.attempt,
    retryAt: row.retry_at,
    workerId: row.worker_id,
    error: row.error,
    output: row.output,
    parameters: row.parameters,
    artifacts: artifactsOf(row.artifacts, { executionId: row.id, attempt: row.attempt }),
    retryOf: row.retry_of,
    scheduleId: row.schedule_id,
    backfillId: row.backfill_id,
    redriveId: row.redrive_id,
    skipCause: row.skip_cause,
    skipDetail: row.skip_detail,
    blockingExecutionId: row.blocking_execution_id,
    cancelRequested: row.cancel_requested,
    waits: waitsOfRow(row),
    cost: costOfRow(row),
    actor: row.actor,
    position: String(row.position),
  });
}

export function runView(accepted: Accepted & { readonly taskId: string }): RunAccepted {
  return Object.assign(new RunAccepted(), {
    __typename: 'RunAccepted',
    ...accepted,
    status: 'queued' as const,
    position: String(accepted.position),
  });
}

export function attemptView(row: AttemptRow): Attempt {
  return Object.assign(new Attempt(), {
    attempt: row.attempt,
    fence: row.fence,
    status: row.status,
    workerId: row.worker_id,
    releasedAt: row.released_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    error: row.error,
    output: row.output,
    artifacts: artifactsOf(row.artifacts, {
      executionId: row.execution_id,
      attempt: row.attempt,
    }),
    usage: row.usage,
    queueMs: row.queue_ms,
    limitMs: row.limit_ms,
    waits: waitsOfRow(row),
    cost: costOfRow(row),
  });
}

export function logPageView({ rows, hasMore, cursor }: LogLines): LogPage {
  return {
    lines: rows.map((row) => ({
      cursor: logCursorOf(row),
      timestamp: row.at,
      level: row.level as LogLevelWord,
      message: row.message,
      metadata: row.metadata,
      attempt: row.attempt,
      line: row.line,
    })),
    hasMore,
    cursor,
  };
}

export function automationView(row: AutomationRow): Automation {
  return Object.assign(new Automation(), {
    __typename: 'Automation',
    id: row.id,
    name: row.name,
    version: row.version,
    flow: row.flow,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  });
}

export function dashboardView(data: DashboardData): Dashboard {
  return {
    serverTime: data.serverTime,
    overview: data.overview,
    running: data.running.map(executionView),
    recentExecutions: data.recent.map(executionView),
    upcomingRuns: [...data.upcoming],
    failedTasks: [...data.failing],
    resourceUsage: data.usage,
    workers: data.workers.map((worker) => ({ ...worker, pools: [...worker.pools] })),
    hours: [...data.hours],
  };
}
