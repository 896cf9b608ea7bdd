import { type Insertable } from 'kysely';
import {
  type DeadLetterTable,
  type ExecutionTable,
  type LogLineTable,
  type ScheduleTable,
  type SlotTable,
  type TaskTable,
} from '#libs/read-model';
import { LOCAL_ACCOUNT } from '../identity.js';

/** Rows of the read model as a spec needs them: complete, with only what matters said. */

export const BASE_MS = Date.UTC(2026, 0, 5, 9);

export function taskRow(id: string, rest: Partial<Insertable<TaskTable>> = {}) {
  return {
    account: LOCAL_ACCOUNT,
    id,
    name: id,
    description: '',
    type: 'system',
    target: JSON.stringify({ systemTask: 'noop' }),
    parameters: JSON.stringify({ durationMs: 1 }),
    settings: JSON.stringify({
      timeout: 30,
      retryPolicy: { maxRetries: 0, initialDelay: 10, backoffMultiplier: 2, maxDelay: 3_600 },
      notifications: { onSuccess: false, onFailure: false, channels: [] },
      priority: 'normal',
    }),
    status: 'active' as const,
    pause_reason: null,
    created_at: new Date(BASE_MS),
    updated_at: new Date(BASE_MS),
    created_by: 'local-admin',
    updated_by: 'local-admin',
    version: 1,
    position: 1,
    ...rest,
  };
}

export function executionRow(
  id: string,
  afterSeconds: number,
  rest: Partial<Insertable<ExecutionTable>> = {},
) {
  const at = new Date(BASE_MS + afterSeconds * 1_000);
  return {
    account: LOCAL_ACCOUNT,
    id,
    task_id: 'daily',
    task_name: 'daily',
    type: 'system',
    pool: 'system',
    trigger: 'scheduled',
    status: 'success' as const,
    priority: 'normal',
    schedule_id: 's-1',
    slot_local: null,
    slot_zone: null,
    nominal_at: at,
    requested_at: at,
    started_at: at,
    ended_at: at,
    duration_ms: 5,
    attempt: 1,
    retry_at: null,
    worker_id: 'w-1',
    error: null,
    output: null,
    artifacts: '[]',
    parameters: '{}',
    retry_of: null,
    backfill_id: null,
    skip_cause: null,
    blocking_execution_id: null,
    cancel_requested: false,
    actor: '',
    position: 1,
    ...rest,
  };
}

/** Of the execution with this id. */
export function deadLetterRow(
  id: string,
  afterMinutes: number,
  rest: Partial<Insertable<DeadLetterTable>> = {},
) {
  return {
    account: LOCAL_ACCOUNT,
    id,
    task_id: 'daily',
    task_name: 'Daily report',
    cause: 'exhausted',
    attempts: 4,
    error_code: 'BROKEN',
    error_message: 'It did not work.',
    died_at: new Date(BASE_MS + afterMinutes * 60_000),
    status: 'open',
    redriven_by: null,
    redrive_id: null,
    resolved_at: null,
    resolved_by: null,
    note: null,
    position: 1,
    ...rest,
  };
}

export function logRow(
  executionId: string,
  seq: number,
  place: number,
  rest: Partial<Insertable<LogLineTable>> = {},
) {
  return {
    account: LOCAL_ACCOUNT,
    execution_id: executionId,
    seq,
    place,
    attempt: 1,
    fence: 1,
    line: seq * 10 + place,
    at: new Date(BASE_MS + seq),
    level: 'info',
    message: `${seq}.${place}`,
    metadata: null,
    ...rest,
  };
}

export function scheduleRow(
  id: string,
  taskId: string,
  rest: Partial<Insertable<ScheduleTable>> = {},
) {
  return {
    account: LOCAL_ACCOUNT,
    id,
    task_id: taskId,
    place: 0,
    cron: '0 9 * * *',
    zone: 'UTC',
    dst: 'vixie',
    enabled: true,
    revision: 1,
    ...rest,
  };
}

export function slotRow(local: string, rest: Partial<Insertable<SlotTable>> = {}) {
  const at = new Date(`${local}Z`);
  return {
    account: LOCAL_ACCOUNT,
    schedule_id: 's-1',
    schedule_revision: 1,
    local,
    pass: 0,
    task_id: 'daily',
    zone: 'UTC',
    due_at: at,
    effective_at: at,
    decided_at: null,
    outcome: 'fired',
    cause: 'due',
    execution_id: null,
    blocking_execution_id: null,
    folded: 0,
    calendar_id: null,
    calendar_version: null,
    merged_into: null,
    maintenance_id: null,
    position: 1,
    skip_position: null,
    ...rest,
  };
}
