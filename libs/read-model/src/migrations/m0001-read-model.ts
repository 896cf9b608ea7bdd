import { type Kysely, sql } from 'kysely';

/**
 * Ids and other keys are compared byte by byte (`collate "C"`): cheaper, and the same order on every
 * machine. Names are what people sort by, and keep the database's own order. An attempt's row is
 * rewritten two or three times and no index holds what moves, so pages keep room for that.
 */
const tables = [
  `create table projection_position (
    projection text collate "C" not null,
    version int4 not null,
    stream text collate "C" not null,
    seq int8 not null,
    primary key (projection, version, stream)
  )`,
  `create table task (
    account text collate "C" not null,
    id text collate "C" not null,
    name text not null,
    description text not null,
    type text collate "C" not null,
    target jsonb not null,
    parameters jsonb not null,
    settings jsonb not null,
    status text collate "C" not null,
    pause_reason text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    created_by text not null,
    updated_by text not null,
    version int4 not null,
    position int8 not null,
    primary key (account, id)
  )`,
  `create table schedule (
    account text collate "C" not null,
    id text collate "C" not null,
    task_id text collate "C" not null,
    place int4 not null,
    cron text not null,
    zone text collate "C" not null,
    dst text collate "C" not null,
    enabled bool not null,
    revision int4 not null,
    primary key (account, task_id, id)
  )`,
  `create table automation (
    account text collate "C" not null,
    id text collate "C" not null,
    name text not null,
    version int4 not null,
    flow jsonb not null,
    deleted bool not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    position int8 not null,
    primary key (account, id)
  )`,
  `create table slot (
    account text collate "C" not null,
    schedule_id text collate "C" not null,
    schedule_revision int4 not null,
    local text collate "C" not null,
    pass int4 not null,
    task_id text collate "C" not null,
    zone text collate "C" not null,
    due_at timestamptz not null,
    effective_at timestamptz not null,
    outcome text collate "C" not null,
    cause text collate "C" not null,
    execution_id text collate "C",
    blocking_execution_id text collate "C",
    folded int4 not null,
    position int8 not null,
    skip_position int8,
    primary key (account, schedule_id, schedule_revision, local, pass)
  )`,
  `create table execution (
    account text collate "C" not null,
    id text collate "C" not null,
    task_id text collate "C" not null,
    task_name text not null,
    type text collate "C" not null,
    pool text collate "C" not null,
    trigger text collate "C" not null,
    status text collate "C" not null,
    priority text collate "C" not null,
    schedule_id text collate "C",
    slot_local text collate "C",
    slot_zone text collate "C",
    nominal_at timestamptz not null,
    requested_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    duration_ms int8,
    attempt int4 not null,
    retry_at timestamptz,
    worker_id text collate "C",
    error jsonb,
    output jsonb,
    artifacts jsonb not null,
    parameters jsonb not null,
    retry_of text collate "C",
    skip_cause text collate "C",
    blocking_execution_id text collate "C",
    cancel_requested bool not null,
    actor text not null,
    position int8 not null,
    primary key (account, id)
  )`,
  `create table attempt (
    account text collate "C" not null,
    execution_id text collate "C" not null,
    attempt int4 not null,
    fence int8 not null,
    status text collate "C" not null,
    worker_id text collate "C",
    released_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    error jsonb,
    output jsonb,
    artifacts jsonb not null,
    usage jsonb,
    primary key (account, execution_id, attempt, fence)
  ) with (fillfactor = 80)`,
  `create table log_chunk (
    account text collate "C" not null,
    execution_id text collate "C" not null,
    fence int8 not null,
    first_line int8 not null,
    lines int4 not null,
    seq int8 not null,
    primary key (account, execution_id, fence, first_line)
  )`,
  `create table log_line (
    account text collate "C" not null,
    execution_id text collate "C" not null,
    seq int8 not null,
    place int4 not null,
    attempt int4 not null,
    fence int8 not null,
    line int8 not null,
    at timestamptz not null,
    level text collate "C" not null,
    message text not null,
    metadata jsonb,
    primary key (account, execution_id, seq, place)
  )`,
  `create table task_stats (
    account text collate "C" not null,
    task_id text collate "C" not null,
    total_runs int8 not null,
    successful_runs int8 not null,
    failed_runs int8 not null,
    duration_sum_ms int8 not null,
    duration_count int8 not null,
    consecutive_failures int4 not null,
    last_execution_id text collate "C",
    last_started_at timestamptz,
    last_status text collate "C",
    last_duration_ms int8,
    last_failure_at timestamptz,
    primary key (account, task_id)
  )`,
  `create table execution_hour (
    account text collate "C" not null,
    hour timestamptz not null,
    status text collate "C" not null,
    count int8 not null,
    primary key (account, hour, status)
  )`,
];

/** The lists of the API, each as a keyset page: equal columns first, then the order, then the id. */
const indexes = [
  `create index task_by_name on task (account, name, id)`,
  `create index schedule_by_id on schedule (account, id)`,
  `create index automation_by_name on automation (account, name, id)`,
  `create index slot_by_due on slot (account, due_at desc, schedule_id)`,
  `create index slot_by_task on slot (account, task_id, due_at desc, schedule_id)`,
  `create index execution_by_time on execution (account, requested_at desc, id desc)`,
  `create index execution_by_task on execution (account, task_id, requested_at desc, id desc)`,
  `create index execution_by_status on execution (account, status, requested_at desc, id desc)`,
  `create index task_stats_failing on task_stats (account, last_failure_at desc)
    where consecutive_failures > 0`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...indexes]) await sql.raw(statement).execute(db);
}
