import { type Kysely, sql } from 'kysely';

/** A pool that nobody saved or paused has no row: the built-in ones are there all the same. */
const statements = [
  `create table pool (
    account text collate "C" not null,
    id text collate "C" not null,
    description text not null,
    max_concurrent int4 not null,
    saved bool not null,
    paused bool not null,
    pause_reason text,
    paused_at timestamptz,
    paused_by text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    created_by text not null,
    updated_by text not null,
    version int4 not null,
    position int8 not null,
    primary key (account, id)
  )`,
  `create table named_limit (
    account text collate "C" not null,
    id text collate "C" not null,
    name text not null,
    description text not null,
    key_expression text not null,
    max_concurrent int4 not null,
    rate jsonb,
    deleted bool not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    created_by text not null,
    updated_by text not null,
    version int4 not null,
    position int8 not null,
    primary key (account, id)
  )`,
  `create table account_limits (
    account text collate "C" not null,
    id text collate "C" not null,
    max_concurrent int4 not null,
    max_browser_sessions int4 not null,
    weight int4 not null,
    updated_at timestamptz not null,
    updated_by text not null,
    version int4 not null,
    position int8 not null,
    primary key (account, id)
  )`,
  `create index named_limit_by_name on named_limit (account, name, id)`,
  `alter table attempt
    add column queue_ms int8,
    add column limit_ms int8`,
  `alter table execution add column skip_detail text`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
