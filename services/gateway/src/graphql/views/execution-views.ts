import { type AttemptRow, type ExecutionRow } from '../../queries/executions.js';
import { type LogLines, logCursorOf } from '../../queries/logs.js';
import { type RunStepRow } from '../../queries/workflows.js';
import { artifactsOf } from '../../runs/artifact-url.js';
import { costOfRow } from '../../runs/cost-of-row.js';
import { type Accepted } from '../../runs/run-task.js';
import { waitsOfRow } from '../../runs/waits-of-row.js';
import {
  type LogLevelWord,
  type PriorityWord,
  type TaskTypeWord,
  type TriggerWord,
} from '../../shapes/words.js';
import { Attempt, Execution, type LogPage } from '../types/execution-types.js';
import { RunAccepted } from '../types/result-types.js';
import { RunStep } from '../types/workflow-types.js';

/** From rows to the shapes of the schema; each conversion is one function. */

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

export function runView(accepted: Accepted): RunAccepted {
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

export function stepView(row: RunStepRow): RunStep {
  const { step, path, status, attempt, starts, output, error } = row;
  return Object.assign(new RunStep(), {
    ...{ step, path, status, attempt, starts, output, error },
    startedAt: row.started_at,
    until: row.until_at,
    endedAt: row.ended_at,
    outputBytes: row.output_bytes,
  });
}
