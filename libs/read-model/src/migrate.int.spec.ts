import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { startTestPostgres, type TestPostgres } from '#libs/testing';
import { columnsOf, columnTypes, primaryKeyOf, TABLE_NAMES } from './columns.js';
import { connect } from './connect.js';
import { migrate } from './migrate.js';
import * as m0001 from './migrations/m0001-read-model.js';
import * as m0002 from './migrations/m0002-scheduling.js';
import { migrations } from './migrations/migrations.js';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

test('three that migrate at once do it once, and a fourth finds it done', async () => {
  const url = await postgres.createDatabase();
  const ran = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(ran.map((names) => names.length).sort()).toEqual([0, 0, Object.keys(migrations).length]);
  expect(await migrate(url)).toEqual([]);
});

test('a migration that came late is run, where later ones were run before', async () => {
  const url = await postgres.createDatabase();
  await migrate(url);
  const db = connect(url);
  // As a database of the day on which dead letters were there, and queues were not.
  await sql`delete from kysely_migration where name = '0003-queues'`.execute(db);
  await sql`drop table pool, named_limit, account_limits`.execute(db);
  await sql`alter table attempt drop column queue_ms, drop column limit_ms`.execute(db);
  await sql`alter table execution drop column skip_detail`.execute(db);
  expect(await migrate(url)).toEqual(['0003-queues']);
  expect(await db.selectFrom('pool').selectAll().execute()).toEqual([]);
  expect(await migrate(url)).toEqual([]);
  await db.destroy();
});

test('the tables can stand beside each other in several schemas of one database', async () => {
  const url = await postgres.createDatabase();
  await migrate(url, { schema: 'one' });
  await migrate(url, { schema: 'other' });
  const db = connect(url, { schema: 'other' });
  const { rows } = await sql<{ table_schema: string }>`
    select table_schema from information_schema.tables where table_name = 'execution' order by 1
  `.execute(db);
  expect(rows.map((row) => row.table_schema)).toEqual(['one', 'other']);
  expect(await db.selectFrom('execution').selectAll().execute()).toEqual([]);
  await db.destroy();
});

test('the tables are as the typed columns and keys say', async () => {
  const url = await postgres.createDatabase();
  await migrate(url);
  const db = connect(url);
  const { rows: columns } = await sql<{ table: string; column: string; type: string }>`
    select table_name as table, column_name as column, udt_name as type
    from information_schema.columns where table_schema = 'carillon'
    order by table_name, ordinal_position`.execute(db);
  const { rows: keys } = await sql<{ table: string; columns: string }>`
    select c.conrelid::regclass::text as table, string_agg(a.attname, ' ' order by k.n) as columns
    from pg_constraint c, unnest(c.conkey) with ordinality k(attnum, n), pg_attribute a
    where c.contype = 'p' and a.attrelid = c.conrelid and a.attnum = k.attnum
      and c.connamespace = 'carillon'::regnamespace
    group by 1`.execute(db);
  for (const table of TABLE_NAMES) {
    const real = columns.filter((column) => column.table === table);
    expect(Object.fromEntries(real.map(({ column, type }) => [column, type]))).toEqual(
      columnTypes[table],
    );
    expect(real.map(({ column }) => column)).toEqual(columnsOf(table));
    expect(keys.find((key) => key.table === table)?.columns.split(' ')).toEqual(
      primaryKeyOf(table),
    );
  }
  await db.destroy();
});

test('rows of the first release make way, and nobody waits for a position that moves no more', async () => {
  const db = connect(await postgres.createDatabase(), { poolSize: 1 });
  await sql`create schema carillon`.execute(db);
  const bare = db as unknown as Kysely<unknown>;
  await m0001.up(bare);
  await sql`insert into projection_position values
    ('tasks', 1, 'DEFINITIONS', 7), ('logs', 1, 'LOGS', 9)`.execute(db);
  await sql`insert into schedule values
    ('acme', 's1', 'report', 0, '* * * * *', 'UTC', 'vixie', true, 1)`.execute(db);
  await m0002.up(bare);
  const positions = db.selectFrom('projection_position').select(['projection', 'seq']);
  expect(await positions.execute()).toEqual([{ projection: 'logs', seq: 9 }]);
  expect(await db.selectFrom('schedule').selectAll().execute()).toEqual([]);
  await db.destroy();
});

test('refuses a schema whose name would have to be quoted', () => {
  expect(() => connect('postgres://localhost/x', { schema: 'a"b' })).toThrow(RangeError);
});

test('reads bigint as number and keeps instants to the millisecond', async () => {
  const url = await postgres.createDatabase();
  await migrate(url);
  const db = connect(url);
  const { rows } = await sql`select count(*) as n, '2026-11-23T09:00:00.123Z'::timestamptz as at
    from projection_position`.execute(db);
  expect(rows).toEqual([{ n: 0, at: new Date('2026-11-23T09:00:00.123Z') }]);
  await db.destroy();
});
