import { type AttemptRow, type ExecutionRow } from '../queries/executions.js';
import { type RunStepRow } from '../queries/workflows.js';
import { artifactsOf } from '../runs/artifact-url.js';
import { costOfRow } from '../runs/cost-of-row.js';
import { type Accepted } from '../runs/run-task.js';
import { waitsOfRow } from '../runs/waits-of-row.js';
import { type ExecutionAnswer, type ExecutionDetailsAnswer } from '../shapes/execution-answers.js';
import { type RestStatusWord, type TriggerWord } from '../shapes/words.js';
import { type ApiCall, tellLocation, tellPosition } from './call.js';

export function executionAnswerOf(row: ExecutionRow): ExecutionAnswer {
  return withoutUndefined({
    id: row.id,
    taskId: row.task_id,
    taskName: row.task_name,
    status: restStatusOf(row),
    trigger: row.trigger as TriggerWord,
    scheduledAt: row.schedule_id === null ? undefined : row.nominal_at.toISOString(),
    requestedAt: row.requested_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    completedAt: row.ended_at?.toISOString(),
    duration: row.duration_ms ?? undefined,
    retryCount: Math.max(0, row.attempt - 1 - row.snoozes),
    attempt: row.attempt,
    retryAt: row.retry_at?.toISOString(),
    priority: row.priority,
    workerId: row.worker_id ?? undefined,
    retryOf: row.retry_of ?? undefined,
    scheduleId: row.schedule_id ?? undefined,
    backfillId: row.backfill_id ?? undefined,
    redriveId: row.redrive_id ?? undefined,
    skipCause: row.skip_cause ?? undefined,
    skipDetail: row.skip_detail ?? undefined,
    cancelRequested: row.cancel_requested,
    waits: waitsOfRow(row) ?? undefined,
    cost: costOfRow(row) ?? undefined,
    error: row.error ?? undefined,
    output: row.output ?? undefined,
  });
}

/** A run that was taken, with where it and its effect stand. */
export function runAnswerOf(accepted: Accepted, call: ApiCall) {
  tellPosition(call, 'DISPATCH', accepted.position);
  tellLocation(call, 'executions', accepted.executionId);
  return {
    executionId: accepted.executionId,
    taskId: accepted.taskId,
    status: 'queued' as const,
    queuePosition: accepted.queuePosition,
    estimatedStart: accepted.estimatedStart?.toISOString() ?? null,
  };
}

export function executionDetailsOf(
  row: ExecutionRow,
  attempts: readonly AttemptRow[],
): ExecutionDetailsAnswer {
  const of = (attempt: number) => ({ executionId: row.id, attempt });
  return {
    ...executionAnswerOf(row),
    parameters: row.parameters,
    artifacts: artifactsOf(row.artifacts, of(row.attempt)),
    attempts: attempts.map((one) =>
      withoutUndefined({
        attempt: one.attempt,
        status: one.status,
        workerId: one.worker_id ?? undefined,
        releasedAt: one.released_at.toISOString(),
        startedAt: one.started_at?.toISOString(),
        endedAt: one.ended_at?.toISOString(),
        error: one.error ?? undefined,
        queueMs: one.queue_ms ?? undefined,
        limitMs: one.limit_ms ?? undefined,
        waits: waitsOfRow(one) ?? undefined,
        cost: costOfRow(one) ?? undefined,
        artifacts: artifactsOf(one.artifacts, of(one.attempt)),
      }),
    ),
  };
}

function restStatusOf({ status }: ExecutionRow): RestStatusWord {
  if (status === 'retrying') return 'queued';
  return status === 'waiting' ? 'running' : status;
}

export function stepAnswerOf(row: RunStepRow) {
  return {
    step: row.step,
    path: row.path,
    status: row.status,
    attempt: row.attempt,
    starts: row.starts,
    startedAt: row.started_at.toISOString(),
    until: row.until_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    output: row.output ?? null,
    outputBytes: row.output_bytes,
    error: row.error,
  };
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
