import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import type { StreamName } from '#libs/contracts';
import type { EventLog, ReadRange, StoredCommit } from '#libs/event-log';
import { buildInto, dropSchema, positionsOf } from './build-into.js';
import { compareTables, tableHashes } from './compare.js';
import { connect, DEFAULT_SCHEMA } from './connect.js';
import type { ReadModel } from './tables.js';
import { randomHistory } from './testing/history.js';
import { type ReadModelUnderTest, startReadModel } from './testing/read-model-under-test.js';
import { verifyReadModel } from './verify.js';

const HISTORY = randomHistory(11, 400);

let model: ReadModelUnderTest;
let db: Kysely<ReadModel>;
let url: string;
beforeAll(async () => {
  model = await startReadModel();
});
afterAll(() => model.stop());
beforeEach(async () => {
  ({ db, url } = await model.open());
});

/** The history as a log to be read, up to a number of commits. */
function logOf(history: readonly StoredCommit[]): Pick<EventLog, 'read'> {
  return {
    read: async function* ({ stream, fromSeq }: ReadRange) {
      yield* history.filter((one) => one.stream === stream && one.seq >= fromSeq);
    },
  };
}

const served = () => ({ db, schema: DEFAULT_SCHEMA });

test('tables that are the fold of the log are found so, as of the positions they have reached', async () => {
  await buildInto({ url, schema: DEFAULT_SCHEMA, log: logOf(HISTORY.slice(0, 300)) });
  const verdict = await verifyReadModel({ url, log: logOf(HISTORY) });
  expect(verdict.difference).toBeUndefined();
  expect(verdict.positions).toEqual(await positionsOf(db, DEFAULT_SCHEMA));
  expect(verdict.tables).toEqual(await tableHashes(served()));
});

test('a verification leaves no schema behind', async () => {
  await verifyReadModel({ url, log: logOf(HISTORY) });
  const { rows } =
    await sql`select nspname from pg_namespace where nspname like '%verify%'`.execute(db);
  expect(rows).toEqual([]);
});

test.each([
  ['changed', sql`update attempt set worker_id = 'forged' where fence = 2`],
  ['gone', sql`delete from log_line where place = 1`],
  ['too many', sql`insert into execution_hour values ('acme', '2026-01-01Z', 'success', 1)`],
])('the first row that was %s is named, with both sides', async (what, tampering) => {
  await buildInto({ url, schema: DEFAULT_SCHEMA, log: logOf(HISTORY) });
  await tampering.execute(db);
  const { difference } = await verifyReadModel({ url, log: logOf(HISTORY) });
  const tables = { changed: 'attempt', gone: 'log_line', 'too many': 'execution_hour' };
  expect(difference?.table).toBe(tables[what as keyof typeof tables]);
  expect(difference?.left === undefined).toBe(what === 'gone');
  expect(difference?.right === undefined).toBe(what === 'too many');
  if (what === 'changed') expect(difference?.left).toMatchObject({ worker_id: 'forged', fence: 2 });
});

test('a difference beyond the first page of rows is found too', async () => {
  await sql`insert into log_chunk select 'acme', 'run', 1, n, 1, n from generate_series(1, 2500) n`.execute(
    db,
  );
  await buildInto({ url, schema: 'other', log: logOf([]) });
  const other = connect(url, { schema: 'other', poolSize: 1 });
  await sql`insert into log_chunk select 'acme', 'run', 1, n, 1, n from generate_series(1, 2500) n
    where n <> 2345`.execute(other);
  const difference = await compareTables(served(), { db: other, schema: 'other' });
  expect(difference).toMatchObject({
    table: 'log_chunk',
    key: { account: 'acme', execution_id: 'run', fence: 1, first_line: 2345 },
    left: { seq: 2345 },
  });
  expect(difference?.right).toBeUndefined();
  await other.destroy();
});

test('a schema can be built up in steps, to the positions that are asked for', async () => {
  const half = { executions: { DISPATCH: 100 }, logs: { LOGS: 50 } };
  const positions = await buildInto({ url, schema: 'beside', log: logOf(HISTORY), upTo: half });
  const reached = (name: string, stream: StreamName) => positions[name]?.[stream] ?? -1;
  expect(reached('executions', 'DISPATCH')).toBeLessThanOrEqual(100);
  expect(reached('executions', 'DISPATCH')).toBeGreaterThan(95);
  expect(reached('definitions', 'DEFINITIONS')).toBe(0);
  await buildInto({ url, schema: 'beside', log: logOf(HISTORY) });
  await buildInto({ url, schema: DEFAULT_SCHEMA, log: logOf(HISTORY) });
  const beside = connect(url, { schema: 'beside', poolSize: 1 });
  expect(await compareTables(served(), { db: beside, schema: 'beside' })).toBeUndefined();
  await beside.destroy();
  await dropSchema(url, 'beside');
});
