import { type Kysely, sql } from 'kysely';

/** Workflows, the steps of their runs, and who asked for a run. */
const statements = [
  `create table workflow (
    account text collate "C" not null,
    id text collate "C" not null,
    name text not null,
    version int4 not null,
    reference text not null,
    source text not null,
    note text,
    deleted bool not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    created_by text not null,
    updated_by text not null,
    position int8 not null,
    primary key (account, id)
  )`,
  `create index workflow_by_name on workflow (account, name, id) where not deleted`,
  `create table workflow_version (
    account text collate "C" not null,
    workflow_id text collate "C" not null,
    version int4 not null,
    name text not null,
    reference text not null,
    source text not null,
    note text,
    saved_at timestamptz not null,
    author text not null,
    position int8 not null,
    primary key (account, workflow_id, version)
  )`,
  `create table run_step (
    account text collate "C" not null,
    execution_id text collate "C" not null,
    step text collate "C" not null,
    path text not null,
    status text collate "C" not null,
    attempt int4 not null,
    starts int4 not null,
    worker_id text,
    started_at timestamptz not null,
    until_at timestamptz,
    ended_at timestamptz,
    output jsonb,
    output_bytes int4 not null,
    error jsonb,
    position int8 not null,
    place int4 not null,
    primary key (account, execution_id, step)
  )`,
  `create index run_step_in_order on run_step (account, execution_id, position, place)`,
  `alter table execution add column parent_id text collate "C"`,
  `alter table execution add column parent_step text`,
  `alter table execution add column snoozes int4 not null default 0`,
  `create index execution_by_parent on execution (account, parent_id, requested_at, id)
    where parent_id is not null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
