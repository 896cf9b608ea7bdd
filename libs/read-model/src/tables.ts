import type { ColumnType, Generated } from 'kysely';
import type { AccountLimitsTable, NamedLimitTable, PoolTable } from './capacity-tables.js';
import type { Int8, Int8OrNull, Json, JsonOrNull } from './column-kinds.js';
import type { DeadLetterTable, RedriveTable } from './dead-letter-tables.js';
import type {
  AutomationTable,
  CalendarTable,
  CalendarVersionTable,
  DefinitionChangeTable,
  MaintenanceTable,
  ScheduleTable,
  ScheduleVersionTable,
  TaskTable,
} from './definition-tables.js';

import type { RunStepTable, WorkflowTable, WorkflowVersionTable } from './workflow-tables.js';

/**
 * Row types of the read model. Every table but `projection_position` is keyed by account first, and
 * every query names the account. Times are `timestamptz`, read as Date and written as Date.
 */
export interface ReadModel {
  projection_position: ProjectionPositionTable;
  task: TaskTable;
  schedule: ScheduleTable;
  schedule_version: ScheduleVersionTable;
  automation: AutomationTable;
  workflow: WorkflowTable;
  workflow_version: WorkflowVersionTable;
  run_step: RunStepTable;
  calendar: CalendarTable;
  calendar_version: CalendarVersionTable;
  maintenance: MaintenanceTable;
  pool: PoolTable;
  named_limit: NamedLimitTable;
  account_limits: AccountLimitsTable;
  definition_change: DefinitionChangeTable;
  slot: SlotTable;
  execution: ExecutionTable;
  backfill: BackfillTable;
  dead_letter: DeadLetterTable;
  redrive: RedriveTable;
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
  /** When the ticker looked at it; null while only the dispatcher's skip is known. */
  decided_at: Date | null;
  /** fired | skipped | missed */
  outcome: string;
  /** Lower snake case of tick.SlotCause, or of dispatch.SkipCause when the dispatcher skipped it. */
  cause: string;
  execution_id: string | null;
  /** The run that stood in the way, when the dispatcher skipped it. */
  blocking_execution_id: string | null;
  /** Slots of a DST gap folded into this one. */
  folded: number;
  /** The calendar that stood in the way, or moved it, and its version. */
  calendar_id: string | null;
  calendar_version: number | null;
  /** The schedule of the same task whose slot of the same instant runs in its place. */
  merged_into: string | null;
  /** The maintenance that it fell into, or that held it until another took its place. */
  maintenance_id: string | null;
  /** Sequence in TICKS; 0 while only the dispatcher's skip is known. */
  position: Int8;
  /** Sequence in DISPATCH of the commit that skipped it. */
  skip_position: Int8OrNull;
}

export type ExecutionState =
  | 'queued'
  | 'running'
  | 'retrying'
  /** A run of a workflow: for a time, an event, a child. */
  | 'waiting'
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
  /** As it was at the request, or when the slot was skipped before there was one; like type and pool. */
  task_name: string;
  type: string;
  pool: string;
  /** scheduled | manual | retry | catch_up | backfill */
  trigger: string;
  status: ExecutionState;
  priority: string;
  schedule_id: string | null;
  slot_local: string | null;
  slot_zone: string | null;
  /** Nominal time: of the slot, or of the request. */
  nominal_at: Date;
  /** Not to be started before; null when nobody named an instant. */
  effective_at: Date | null;
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
  /** The backfill that it belongs to. */
  backfill_id: string | null;
  /** The redrive that it belongs to. */
  redrive_id: string | null;
  /** The run of a workflow that asked for it, and the step that did. */
  parent_id: string | null;
  parent_step: string | null;
  /** Attempts that ended in a wait: no retries. */
  snoozes: Generated<number>;
  skip_cause: string | null;
  /** More of why, in words: which limit, and until when. */
  skip_detail: string | null;
  blocking_execution_id: string | null;
  cancel_requested: boolean;
  actor: string;
  /** Sequence in DISPATCH of the last commit that touched it. */
  position: Int8;
  /** What it has waited for so far, up to `counted_until`; null when it was never requested. */
  planner_ms: Int8OrNull;
  queue_ms: Int8OrNull;
  limit_ms: Int8OrNull;
  retry_ms: Int8OrNull;
  worker_start_ms: Int8OrNull;
  user_code_ms: Int8OrNull;
  counted_until: Date | null;
  /** Since when it stands in the queue; null while it does not. */
  queued_at: Date | null;
  /** What its attempts cost, in millionths of the currency of that time; null until one has ended. */
  compute_cost_micros: Int8OrNull;
  api_cost_micros: Int8OrNull;
  currency: string | null;
}

/** Past slots of one schedule that are run, a few at a time. */
export interface BackfillTable {
  account: string;
  id: string;
  task_id: string;
  schedule_id: string;
  /** How many there are to run, and between which due instants they lie. */
  slots: number;
  first_due_at: Date | null;
  last_due_at: Date | null;
  concurrency: number;
  note: string | null;
  author: string;
  /** running | paused | cancelled | finished */
  status: string;
  /** Runs so far: begun, and ended how; a failed one may have timed out. */
  requested: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  started_at: Date;
  /** When its last run had ended, also of a cancelled one. */
  finished_at: Date | null;
  /** Sequence in DISPATCH of the last commit that touched it or a run of its. */
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
  /** How long it had waited in the queue: while one of its limits was full, and else. */
  queue_ms: Int8OrNull;
  limit_ms: Int8OrNull;
  /** Before the queue: of a first attempt since the effective instant, of others since the last one's end. */
  planner_ms: Int8OrNull;
  retry_ms: Int8OrNull;
  /** Null until its end is known. */
  worker_start_ms: Int8OrNull;
  user_code_ms: Int8OrNull;
  /** What it cost, in millionths of the currency of that time; null until its end is told. */
  compute_cost_micros: Int8OrNull;
  api_cost_micros: Int8OrNull;
  currency: string | null;
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
