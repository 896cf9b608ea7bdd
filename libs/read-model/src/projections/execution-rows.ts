import type { Recorded } from '#libs/consumer';
import type { attempt, dispatch } from '#libs/contracts';
import type { Row } from '../columns.js';
import {
  instant,
  int4,
  int8,
  json,
  jsonOf,
  jsonOrNull,
  key,
  keyOrNull,
  name,
  text,
} from '../storable.js';
import { countedFrom, NEVER_COUNTED } from './wait-rows.js';
import { actorName, endedStatus, priority, skipCause, taskType, trigger } from './words.js';

export type ExecutionRow = Row<'execution'>;

/** What moves after the request; everything else of the row is frozen and never loaded again. */
export const MOVING = [
  'status',
  'snoozes',
  'started_at',
  'ended_at',
  'duration_ms',
  'attempt',
  'retry_at',
  'worker_id',
  'error',
  'output',
  'artifacts',
  'skip_cause',
  'skip_detail',
  'blocking_execution_id',
  'cancel_requested',
  'position',
  'planner_ms',
  'queue_ms',
  'limit_ms',
  'retry_ms',
  'worker_start_ms',
  'user_code_ms',
  'counted_until',
  'queued_at',
  'compute_cost_micros',
  'api_cost_micros',
  'currency',
] as const;

/** What stands still but is needed to go on. */
export const STANDING = [
  'account',
  'id',
  'task_id',
  'task_name',
  'backfill_id',
  'redrive_id',
] as const;

export type Progress = Pick<ExecutionRow, (typeof MOVING | typeof STANDING)[number]>;

export function requestedRow(event: dispatch.ExecutionRequested, at: Recorded): ExecutionRow {
  const { spec, slot } = event;
  return {
    ...untouched,
    account: key(event.account),
    id: key(event.executionId),
    task_id: key(spec?.taskId ?? ''),
    task_name: name(spec?.taskName ?? ''),
    type: taskType(spec?.type ?? 0),
    pool: text(spec?.pool ?? ''),
    trigger: trigger(event.trigger),
    status: 'queued',
    priority: priority(spec?.settings?.priority ?? 0),
    schedule_id: keyOrNull(slot?.scheduleId),
    slot_local: keyOrNull(slot?.local),
    slot_zone: keyOrNull(slot?.zone),
    nominal_at: instant(event.nominalAtMs),
    effective_at: event.effectiveAtMs === 0 ? null : instant(event.effectiveAtMs),
    requested_at: instant(event.requestedAtMs),
    parameters: json(spec?.parametersJson ?? ''),
    retry_of: keyOrNull(event.retryOf),
    backfill_id: keyOrNull(event.backfillId),
    redrive_id: keyOrNull(event.redriveId),
    parent_id: keyOrNull(event.parent?.executionId),
    parent_step: event.parent === undefined ? null : text(event.parent.stepKey),
    actor: text(actorName(event.actor)),
    position: int8(at.seq),
    ...countedFrom(event),
  };
}

/** A fired slot that leads to no run, and was never requested, stands among the executions, ended when it was skipped. */
export function skippedRow(event: dispatch.ExecutionSkipped, at: Recorded): ExecutionRow {
  const { slot } = event;
  const skippedAt = instant(event.skippedAtMs);
  return {
    ...untouched,
    account: key(event.account),
    id: key(event.executionId),
    task_id: key(event.taskId),
    task_name: name(event.taskName),
    type: taskType(event.type),
    pool: text(event.pool),
    trigger: 'scheduled',
    status: 'skipped',
    priority: 'normal',
    schedule_id: keyOrNull(slot?.scheduleId),
    slot_local: keyOrNull(slot?.local),
    slot_zone: keyOrNull(slot?.zone),
    nominal_at: instant(slot?.dueAtMs ?? event.skippedAtMs),
    requested_at: skippedAt,
    ended_at: skippedAt,
    parameters: '{}',
    retry_of: null,
    skip_cause: skipCause(event.cause),
    skip_detail: event.detail === '' ? null : text(event.detail),
    blocking_execution_id: keyOrNull(event.blockingExecutionId),
    actor: slot ? key(slot.scheduleId) : 'schedule',
    position: int8(at.seq),
  };
}

const untouched = {
  started_at: null,
  ended_at: null,
  duration_ms: null,
  attempt: 0,
  retry_at: null,
  worker_id: null,
  error: null,
  output: null,
  artifacts: '[]',
  effective_at: null,
  backfill_id: null,
  redrive_id: null,
  parent_id: null,
  parent_step: null,
  snoozes: 0,
  skip_cause: null,
  skip_detail: null,
  blocking_execution_id: null,
  cancel_requested: false,
  compute_cost_micros: null,
  api_cost_micros: null,
  currency: null,
  ...NEVER_COUNTED,
} as const;

export function isEnded(row: Progress): boolean {
  return row.ended_at !== null;
}

export function released<R extends Progress>(row: R, event: dispatch.AttemptReleased): R {
  return { ...row, attempt: int4(event.attempt), status: 'queued', retry_at: null };
}

export function accepted<R extends Progress>(row: R, event: dispatch.AttemptAccepted): R {
  return {
    ...row,
    status: 'running',
    attempt: int4(event.attempt),
    started_at: row.started_at ?? instant(event.startedAtMs),
    worker_id: keyOrNull(event.workerId),
    retry_at: null,
  };
}

/** Whether it is tried again or ends is told by the next event of the same commit. */
export function closed<R extends Progress>(row: R, event: dispatch.AttemptClosed): R {
  return {
    ...row,
    error: errorJson(event.error),
    output: jsonOrNull(event.outputJson),
    artifacts: artifactsJson(event.artifacts),
    compute_cost_micros: int8((row.compute_cost_micros ?? 0) + event.computeCostMicros),
    api_cost_micros: int8((row.api_cost_micros ?? 0) + event.apiCostMicros),
    currency: keyOrNull(event.currency),
  };
}

/** The offer or the worker is gone; nobody runs it now. */
export function lost<R extends Progress>(row: R): R {
  return { ...row, status: 'queued' };
}

/** It waits without a slot; until when, if it knows. */
export function snoozed<R extends Progress>(row: R, event: dispatch.ExecutionSnoozed): R {
  const until = event.untilMs === 0 ? null : instant(event.untilMs);
  const snoozes = row.snoozes + 1;
  return { ...row, status: 'waiting', snoozes, retry_at: until, worker_id: null, error: null };
}

export function retryPlanned<R extends Progress>(row: R, event: dispatch.RetryPlanned): R {
  return { ...row, status: 'retrying', retry_at: instant(event.dueAtMs) };
}

export function queued<R extends Progress>(row: R): R {
  return { ...row, status: 'queued', retry_at: null };
}

/** It had been requested, and waited. It was no run: nothing of it is counted. */
export function skipped<R extends Progress>(row: R, event: dispatch.ExecutionSkipped): R {
  return {
    ...row,
    status: 'skipped',
    ended_at: instant(event.skippedAtMs),
    retry_at: null,
    skip_cause: skipCause(event.cause),
    skip_detail: event.detail === '' ? null : text(event.detail),
    blocking_execution_id: keyOrNull(event.blockingExecutionId),
  };
}

export function cancelRequested<R extends Progress>(row: R): R {
  return { ...row, cancel_requested: true };
}

export function finished<R extends Progress>(row: R, event: dispatch.ExecutionFinished): R {
  const endedAt = instant(event.endedAtMs);
  const { started_at } = row;
  const ranMs = started_at === null ? null : endedAt.getTime() - started_at.getTime();
  return {
    ...row,
    status: endedStatus(event.status),
    ended_at: endedAt,
    duration_ms: ranMs === null ? null : Math.max(0, ranMs),
    retry_at: null,
    error: errorJson(event.error),
  };
}

export function errorJson(error: attempt.AttemptError | undefined): string | null {
  if (error === undefined) return null;
  const { code, message, stack } = error;
  return jsonOf({ code, message, ...(stack && { stack }) });
}

export function artifactsJson(artifacts: readonly attempt.Artifact[]): string {
  return jsonOf(
    artifacts.map(({ name, mediaType, sizeBytes, objectKey }) => ({
      name,
      mediaType,
      sizeBytes,
      objectKey,
    })),
  );
}
