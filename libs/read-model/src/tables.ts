import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/**
 * Row types of the read model. Every table but `projection_position` is keyed by account first, and
 * every query names the account. Times are `timestamptz`, read as Date and written as Date.
 */
export interface ReadModel {
  projection_position: ProjectionPositionTable;
  task: TaskTable;
  schedule: ScheduleTable;
  automation: AutomationTable;
  slot: SlotTable;
  execution: ExecutionTable;
  attempt: AttemptTable;
  log_chunk: LogChunkTable;
  log_line: LogLineTable;
  task_stats: TaskStatsTable;
  execution_hour: ExecutionHourTable;
}

/** How far a projection has read a stream; moves in the transaction that writes its rows. */
export interface ProjectionPositionTable {
  projection: string;
  version: number;
  stream: string;
  seq: Int8;
}

/** bigint: read as string by pg, kept as number here by a parser set in `connect`. */
type Int8 = ColumnType<number, number, number>;
type Int8OrNull = ColumnType<number | null, number | null, number | null>;
type Json<T> = JSONColumnType<T extends object ? T : never>;
type JsonOrNull = ColumnType<unknown, string | null, string | null>;

export type TaskStatus = 'active' | 'paused' | 'deleted';

export interface TaskTable {
  account: string;
  id: string;
  name: string;
  description: string;
  /** browser_automation | workflow | system */
  type: string;
  target: Json<{ automationId?: string; workflowId?: string; systemTask?: string }>;
  parameters: Json<Record<string, unknown>>;
  /** In the shapes of the API, see TaskSettings. */
  settings: Json<TaskSettings>;
  status: TaskStatus;
  pause_reason: string | null;
  created_at: Date;
  updated_at: Date;
  created_by: string;
  updated_by: string;
  /** Ordinal of its last commit: the version of the definition. */
  version: number;
  /** Sequence in DEFINITIONS of its last commit. */
  position: Int8;
}

/** Settings as the API tells them: timeout in minutes, delays in seconds. */
export interface TaskSettings {
  timeout: number;
  retryPolicy: {
    maxRetries: number;
    initialDelay: number;
    backoffMultiplier: number;
    maxDelay: number;
  };
  notifications: { onSuccess: boolean; onFailure: boolean; channels: string[] };
  concurrencyLimit?: number;
  priority: 'low' | 'normal' | 'high' | 'critical';
}

export interface ScheduleTable {
  account: string;
  id: string;
  task_id: string;
  /** Place among the task's schedules, from 0. */
  place: number;
  cron: string;
  zone: string;
  /** vixie | skip | wall */
  dst: string;
  enabled: boolean;
  revision: number;
}

export interface AutomationTable {
  account: string;
  id: string;
  name: string;
  version: number;
  flow: Json<object>;
  deleted: boolean;
  created_at: Date;
  updated_at: Date;
  position: Int8;
}

/**
 * The slot ledger: one row a slot, with its one outcome. A row comes from two streams that may be
 * read in either order: until the ticker's decision is here, `position` is 0 and `effective_at` is
 * the due instant.
 */
export interface SlotTable {
  account: string;
  schedule_id: string;
  schedule_revision: number;
  local: string;
  pass: number;
  task_id: string;
  zone: string;
  due_at: Date;
  effective_at: Date;
  /** fired | skipped | missed */
  outcome: string;
  /** Lower snake case of tick.SlotCause, or of dispatch.SkipCause when the dispatcher skipped it. */
  cause: string;
  execution_id: string | null;
  /** The run that stood in the way, when the dispatcher skipped it. */
  blocking_execution_id: string | null;
  /** Slots of a DST gap folded into this one. */
  folded: number;
  /** Sequence in TICKS; 0 while only the dispatcher's skip is known. */
  position: Int8;
  /** Sequence in DISPATCH of the commit that skipped it. */
  skip_position: Int8OrNull;
}

export type ExecutionState =
  | 'queued'
  | 'running'
  | 'retrying'
  | 'success'
  | 'failed'
  | 'timeout'
  | 'cancelled'
  | 'skipped';

export interface ExecutionError {
  code: string;
  message: string;
  stack?: string;
}

export interface ArtifactRow {
  name: string;
  mediaType: string;
  sizeBytes: number;
  objectKey: string;
}

export interface ExecutionTable {
  account: string;
  id: string;
  task_id: string;
  /** As it was at the request; empty, like type and pool, for a slot skipped before there was one. */
  task_name: string;
  type: string;
  pool: string;
  /** scheduled | manual | retry | catch_up */
  trigger: string;
  status: ExecutionState;
  priority: string;
  schedule_id: string | null;
  slot_local: string | null;
  slot_zone: string | null;
  /** Nominal time: of the slot, or of the request. */
  nominal_at: Date;
  requested_at: Date;
  /** First start of an attempt. */
  started_at: Date | null;
  ended_at: Date | null;
  /** Milliseconds from the first start to the end. */
  duration_ms: Int8OrNull;
  /** Current or last attempt; 0 before the first release. Retries are those beyond the first. */
  attempt: number;
  retry_at: Date | null;
  worker_id: string | null;
  error: ColumnType<ExecutionError | null, string | null, string | null>;
  output: JsonOrNull;
  artifacts: Json<ArtifactRow[]>;
  parameters: Json<Record<string, unknown>>;
  retry_of: string | null;
  skip_cause: string | null;
  blocking_execution_id: string | null;
  cancel_requested: boolean;
  actor: string;
  /** Sequence in DISPATCH of the last commit that touched it. */
  position: Int8;
}

export interface AttemptTable {
  account: string;
  execution_id: string;
  attempt: number;
  fence: Int8;
  /** released | running | succeeded | failed | timed_out | cancelled | handed_back | lost | unclaimed */
  status: string;
  worker_id: string | null;
  released_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  error: ColumnType<ExecutionError | null, string | null, string | null>;
  output: JsonOrNull;
  artifacts: Json<ArtifactRow[]>;
  usage: JsonOrNull;
}

/** Chunks whose lines are stored: a chunk told twice, long after the broker forgot it, adds nothing. */
export interface LogChunkTable {
  account: string;
  execution_id: string;
  fence: Int8;
  first_line: Int8;
  lines: number;
  /** Sequence in LOGS. */
  seq: Int8;
}

export interface LogLineTable {
  account: string;
  execution_id: string;
  /** Sequence in LOGS of its chunk, and its place in the chunk: the order of lines, and the cursor. */
  seq: Int8;
  place: number;
  attempt: number;
  fence: Int8;
  /** Number within the attempt, from 1. */
  line: Int8;
  at: Date;
  /** debug | info | warn | error */
  level: string;
  message: string;
  metadata: JsonOrNull;
}

/** Over the ended runs of a task; `last_*` is the run that started last, ended or not. */
export interface TaskStatsTable {
  account: string;
  task_id: string;
  total_runs: Int8;
  successful_runs: Int8;
  /** Failed or timed out. */
  failed_runs: Int8;
  duration_sum_ms: Int8;
  duration_count: Int8;
  consecutive_failures: number;
  last_execution_id: string | null;
  last_started_at: Date | null;
  last_status: string | null;
  last_duration_ms: Int8OrNull;
  last_failure_at: Date | null;
}

/** Ended runs by account, UTC hour of their end, and status; skipped slots were no runs. */
export interface ExecutionHourTable {
  account: string;
  hour: Date;
  status: string;
  count: Generated<number>;
}
