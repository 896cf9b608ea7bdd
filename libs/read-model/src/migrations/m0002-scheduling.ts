import { type Kysely, sql } from 'kysely';

/** New columns stand empty until the projections, whose versions rose, have made their rows anew. */
const columns = [
  `alter table schedule
    add column name text not null default '',
    add column timing jsonb,
    add column policies jsonb not null default '{}',
    add column calendars jsonb not null default '[]',
    add column parameters jsonb`,
  `alter table slot
    add column calendar_id text collate "C",
    add column calendar_version int4,
    add column merged_into text collate "C",
    add column maintenance_id text collate "C"`,
  `alter table execution
    add column effective_at timestamptz,
    add column backfill_id text collate "C"`,
];

const tables = [
  `create table schedule_version (
    account text collate "C" not null,
    task_id text collate "C" not null,
    schedule_id text collate "C" not null,
    version int4 not null,
    revision int4 not null,
    kind text collate "C" not null,
    definition jsonb not null,
    task_paused bool not null,
    valid_from timestamptz not null,
    valid_until timestamptz,
    author text not null,
    note text,
    position int8 not null,
    primary key (account, task_id, schedule_id, version)
  )`,
  `create table calendar (
    account text collate "C" not null,
    id text collate "C" not null,
    name text not null,
    version int4 not null,
    days jsonb not null,
    deleted bool not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    created_by text not null,
    updated_by text not null,
    position int8 not null,
    primary key (account, id)
  )`,
  `create table calendar_version (
    account text collate "C" not null,
    calendar_id text collate "C" not null,
    version int4 not null,
    name text not null,
    days jsonb not null,
    saved_at timestamptz not null,
    author text not null,
    position int8 not null,
    primary key (account, calendar_id, version)
  )`,
  `create table maintenance (
    account text collate "C" not null,
    id text collate "C" not null,
    from_at timestamptz not null,
    until_at timestamptz,
    aftermath text collate "C" not null,
    reason text not null,
    status text collate "C" not null,
    planned_at timestamptz not null,
    author text not null,
    ended_at timestamptz,
    ended_by text,
    position int8 not null,
    primary key (account, id)
  )`,
  `create table backfill (
    account text collate "C" not null,
    id text collate "C" not null,
    task_id text collate "C" not null,
    schedule_id text collate "C" not null,
    slots int4 not null,
    first_due_at timestamptz,
    last_due_at timestamptz,
    concurrency int4 not null,
    note text,
    author text not null,
    status text collate "C" not null,
    requested int4 not null,
    succeeded int4 not null,
    failed int4 not null,
    cancelled int4 not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    position int8 not null,
    primary key (account, id)
  )`,
  `create table definition_change (
    account text collate "C" not null,
    position int8 not null,
    place int4 not null,
    kind text collate "C" not null,
    id text collate "C" not null,
    event text collate "C" not null,
    actor text not null,
    actor_kind text collate "C" not null,
    origin text not null,
    occurred_at timestamptz not null,
    summary jsonb not null,
    primary key (account, position, place)
  )`,
];

/**
 * Ranges of the slot ledger, read in either direction: all columns of an index rise, so that one row
 * comparison finds the page. Beyond (due_at, schedule_id) ties are few, and are sorted as they come.
 */
const indexes = [
  `drop index slot_by_task`,
  `create index slot_by_task on slot (account, task_id, due_at, schedule_id)`,
  `create index slot_by_schedule on slot (account, schedule_id, due_at)`,
  `create index execution_by_schedule on execution (account, schedule_id, nominal_at)
    where schedule_id is not null`,
  `create index execution_by_backfill on execution (account, backfill_id, nominal_at)
    where backfill_id is not null`,
  `create index backfill_by_task on backfill (account, task_id, started_at, id)`,
  `create index schedule_version_by_schedule on schedule_version (account, schedule_id, version)`,
  `create index calendar_by_name on calendar (account, name, id)`,
  `create index maintenance_by_time on maintenance (account, from_at, id)`,
  `create index definition_change_by_id on definition_change (account, kind, id, position, place)`,
];

/** `tasks` reads on under the name `definitions`: its position would never move again. */
const positions = `delete from projection_position where projection = 'tasks'`;

/** What `tasks` had written is written anew. */
const emptied = `truncate task, schedule, automation`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...columns, ...tables, ...indexes, positions, emptied])
    await sql.raw(statement).execute(db);
}
