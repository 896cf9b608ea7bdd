import type { ColumnType } from 'kysely';
import type { ReadModel } from './tables.js';

/** Tables whose rows come from the log, and can be made again from it. */
export type TableName = Exclude<keyof ReadModel, 'projection_position'>;

type PgType = 'text' | 'int4' | 'int8' | 'bool' | 'timestamptz' | 'jsonb';

export type ColumnOf<T extends TableName> = keyof ReadModel[T] & string;

/** A row as projections write it, and as they load it again: JSON stays text on both ways. */
export type Row<T extends TableName> = { [C in ColumnOf<T>]: Stored<ReadModel[T][C]> };

type Stored<C> = C extends ColumnType<unknown, infer I, unknown> ? Exclude<I, undefined> : C;

/** Column types, for writes of whole sets of rows. The migrations create them so. */
export const columnTypes: {
  readonly [T in TableName]: { readonly [C in ColumnOf<T>]: PgType };
} = {
  task: {
    account: 'text',
    id: 'text',
    name: 'text',
    description: 'text',
    type: 'text',
    target: 'jsonb',
    parameters: 'jsonb',
    settings: 'jsonb',
    status: 'text',
    pause_reason: 'text',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    created_by: 'text',
    updated_by: 'text',
    version: 'int4',
    position: 'int8',
  },
  schedule: {
    account: 'text',
    id: 'text',
    task_id: 'text',
    place: 'int4',
    cron: 'text',
    zone: 'text',
    dst: 'text',
    enabled: 'bool',
    revision: 'int4',
  },
  automation: {
    account: 'text',
    id: 'text',
    name: 'text',
    version: 'int4',
    flow: 'jsonb',
    deleted: 'bool',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    position: 'int8',
  },
  slot: {
    account: 'text',
    schedule_id: 'text',
    schedule_revision: 'int4',
    local: 'text',
    pass: 'int4',
    task_id: 'text',
    zone: 'text',
    due_at: 'timestamptz',
    effective_at: 'timestamptz',
    outcome: 'text',
    cause: 'text',
    execution_id: 'text',
    blocking_execution_id: 'text',
    folded: 'int4',
    position: 'int8',
    skip_position: 'int8',
  },
  execution: {
    account: 'text',
    id: 'text',
    task_id: 'text',
    task_name: 'text',
    type: 'text',
    pool: 'text',
    trigger: 'text',
    status: 'text',
    priority: 'text',
    schedule_id: 'text',
    slot_local: 'text',
    slot_zone: 'text',
    nominal_at: 'timestamptz',
    requested_at: 'timestamptz',
    started_at: 'timestamptz',
    ended_at: 'timestamptz',
    duration_ms: 'int8',
    attempt: 'int4',
    retry_at: 'timestamptz',
    worker_id: 'text',
    error: 'jsonb',
    output: 'jsonb',
    artifacts: 'jsonb',
    parameters: 'jsonb',
    retry_of: 'text',
    skip_cause: 'text',
    blocking_execution_id: 'text',
    cancel_requested: 'bool',
    actor: 'text',
    position: 'int8',
  },
  attempt: {
    account: 'text',
    execution_id: 'text',
    attempt: 'int4',
    fence: 'int8',
    status: 'text',
    worker_id: 'text',
    released_at: 'timestamptz',
    started_at: 'timestamptz',
    ended_at: 'timestamptz',
    error: 'jsonb',
    output: 'jsonb',
    artifacts: 'jsonb',
    usage: 'jsonb',
  },
  log_chunk: {
    account: 'text',
    execution_id: 'text',
    fence: 'int8',
    first_line: 'int8',
    lines: 'int4',
    seq: 'int8',
  },
  log_line: {
    account: 'text',
    execution_id: 'text',
    seq: 'int8',
    place: 'int4',
    attempt: 'int4',
    fence: 'int8',
    line: 'int8',
    at: 'timestamptz',
    level: 'text',
    message: 'text',
    metadata: 'jsonb',
  },
  task_stats: {
    account: 'text',
    task_id: 'text',
    total_runs: 'int8',
    successful_runs: 'int8',
    failed_runs: 'int8',
    duration_sum_ms: 'int8',
    duration_count: 'int8',
    consecutive_failures: 'int4',
    last_execution_id: 'text',
    last_started_at: 'timestamptz',
    last_status: 'text',
    last_duration_ms: 'int8',
    last_failure_at: 'timestamptz',
  },
  execution_hour: {
    account: 'text',
    hour: 'timestamptz',
    status: 'text',
    count: 'int8',
  },
};

/** What makes a row unique, in the order of the primary key. */
const keys = {
  task: ['account', 'id'],
  schedule: ['account', 'task_id', 'id'],
  automation: ['account', 'id'],
  slot: ['account', 'schedule_id', 'schedule_revision', 'local', 'pass'],
  execution: ['account', 'id'],
  attempt: ['account', 'execution_id', 'attempt', 'fence'],
  log_chunk: ['account', 'execution_id', 'fence', 'first_line'],
  log_line: ['account', 'execution_id', 'seq', 'place'],
  task_stats: ['account', 'task_id'],
  execution_hour: ['account', 'hour', 'status'],
} as const satisfies { readonly [T in TableName]: readonly ColumnOf<T>[] };

export type KeyColumn<T extends TableName> = (typeof keys)[T][number] & ColumnOf<T>;

export function primaryKeyOf<T extends TableName>(table: T): readonly KeyColumn<T>[] {
  return keys[table] as readonly KeyColumn<T>[];
}

export const TABLE_NAMES = Object.keys(columnTypes) as readonly TableName[];

export function columnsOf<T extends TableName>(table: T): ColumnOf<T>[] {
  return Object.keys(columnTypes[table]) as ColumnOf<T>[];
}
