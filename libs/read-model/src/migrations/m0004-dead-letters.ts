import { type Kysely, sql } from 'kysely';

/** `executions`, whose version rose, makes its rows anew. */
const statements = [
  `alter table execution add column redrive_id text collate "C"`,
  `create table dead_letter (
    account text collate "C" not null,
    id text collate "C" not null,
    task_id text collate "C" not null,
    task_name text not null,
    cause text collate "C" not null,
    attempts int4 not null,
    error_code text collate "C" not null,
    error_message text not null,
    died_at timestamptz not null,
    status text collate "C" not null,
    redriven_by text collate "C",
    redrive_id text collate "C",
    resolved_at timestamptz,
    resolved_by text,
    note text,
    position int8 not null,
    primary key (account, id)
  )`,
  `create table redrive (
    account text collate "C" not null,
    id text collate "C" not null,
    dead_letters int4 not null,
    per_minute int4 not null,
    note text,
    author text not null,
    status text collate "C" not null,
    requested int4 not null,
    passed_over int4 not null,
    succeeded int4 not null,
    failed int4 not null,
    cancelled int4 not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    position int8 not null,
    primary key (account, id)
  )`,
  `create index dead_letter_by_time on dead_letter (account, status, died_at, id)`,
  `create index dead_letter_by_task on dead_letter (account, task_id, status, died_at, id)`,
  `create index redrive_by_time on redrive (account, started_at, id)`,
  `create index execution_by_redrive on execution (account, redrive_id, requested_at, id)
    where redrive_id is not null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
