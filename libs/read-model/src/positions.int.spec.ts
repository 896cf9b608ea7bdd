import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { create, task as t } from '#libs/contracts';
import {
  ensurePosition,
  isPoison,
  PositionMoved,
  resetProjection,
  Superseded,
  writeBatch,
} from './positions.js';
import type { ProjectionSource } from './projection.js';
import { definitionsProjection } from './projections/definitions.projection.js';
import { feed, type ReadModelUnderTest, startReadModel } from './testing/read-model-under-test.js';
import { recorded, SUBJECT_OF } from './testing/recorded.js';

let model: ReadModelUnderTest;
beforeAll(async () => {
  model = await startReadModel();
});
afterAll(() => model.stop());

const [source] = definitionsProjection.sources as [ProjectionSource];
const created = (seq: number) =>
  recorded({
    stream: 'DEFINITIONS',
    subject: SUBJECT_OF.task(`task-${seq}`),
    seq,
    events: [create(t.TaskCreatedSchema, { name: `Task ${seq}` })],
  });
const write = (
  db: Awaited<ReturnType<ReadModelUnderTest['open']>>['db'],
  after: number,
  ...seqs: number[]
) => writeBatch(db, definitionsProjection, source, { commits: seqs.map(created), after });

describe('a position', () => {
  test('begins at 0 and moves with the rows', async () => {
    const { db } = await model.open();
    expect(await ensurePosition(db, definitionsProjection, 'DEFINITIONS')).toBe(0);
    expect((await write(db, 0, 2, 5)).position).toBe(5);
    expect(await ensurePosition(db, definitionsProjection, 'DEFINITIONS')).toBe(5);
  });

  test('is made once by many that start together', async () => {
    const { db } = await model.open();
    const starts = Array.from({ length: 8 }, () =>
      ensurePosition(db, definitionsProjection, 'DEFINITIONS'),
    );
    expect(await Promise.all(starts)).toEqual(Array(8).fill(0));
  });

  test('keeps what is at or before it from changing anything, and tells of nothing', async () => {
    const { db } = await model.open();
    await ensurePosition(db, definitionsProjection, 'DEFINITIONS');
    await write(db, 0, 1, 2, 3);
    expect(await write(db, 0, 1, 2, 3)).toEqual({ position: 3, touched: [] });
    const { position, touched } = await write(db, 1, 2, 3, 4);
    expect(position).toBe(4);
    expect(touched.map(({ key }) => key)).toEqual(['task-4']);
  });

  test('refuses a batch that was read from beyond it, and writes none of it', async () => {
    const { db } = await model.open();
    await ensurePosition(db, definitionsProjection, 'DEFINITIONS');
    await expect(write(db, 7, 8)).rejects.toThrow(PositionMoved);
    expect(await db.selectFrom('task').selectAll().execute()).toEqual([]);
  });

  test('stays where it was when the rows cannot be written', async () => {
    const { db } = await model.open();
    await ensurePosition(db, definitionsProjection, 'DEFINITIONS');
    const failing: ProjectionSource = {
      ...source,
      apply: async (tx, commits) => {
        await source.apply(tx, commits);
        await sql`select 1 / 0`.execute(tx);
        return [];
      },
    };
    const batch = { commits: [created(1)], after: 0 };
    const failure = await writeBatch(db, definitionsProjection, failing, batch).catch(
      (error) => error,
    );
    expect(isPoison(failure)).toBe(true);
    expect(await ensurePosition(db, definitionsProjection, 'DEFINITIONS')).toBe(0);
    expect(await db.selectFrom('task').selectAll().execute()).toEqual([]);
  });
});

describe('a new version of a projection', () => {
  const next = { ...definitionsProjection, version: definitionsProjection.version + 1 };

  test('empties the tables at its first start, once, and reads the log from its beginning', async () => {
    const { db } = await model.open();
    await feed(db, definitionsProjection, [created(1), created(2)]);
    expect(await ensurePosition(db, next, 'DEFINITIONS')).toBe(0);
    expect(await db.selectFrom('task').selectAll().execute()).toEqual([]);
    await feed(db, next, [created(1)]);
    expect(await ensurePosition(db, next, 'DEFINITIONS')).toBe(1);
  });

  test('keeps the old one from writing another row', async () => {
    const { db } = await model.open();
    await feed(db, definitionsProjection, [created(1)]);
    await ensurePosition(db, next, 'DEFINITIONS');
    await expect(write(db, 1, 2)).rejects.toThrow(PositionMoved);
    const failure = await ensurePosition(db, definitionsProjection, 'DEFINITIONS').catch((e) => e);
    expect(failure).toBeInstanceOf(Superseded);
    expect(isPoison(failure)).toBe(true);
  });
});

test('a projection that was reset begins again', async () => {
  const { db } = await model.open();
  await feed(db, definitionsProjection, [created(1), created(2)]);
  await resetProjection(db, definitionsProjection);
  expect(await db.selectFrom('task').selectAll().execute()).toEqual([]);
  await feed(db, definitionsProjection, [created(1), created(2)]);
  expect(await db.selectFrom('task').select('id').orderBy('id').execute()).toEqual([
    { id: 'task-1' },
    { id: 'task-2' },
  ]);
});

test.each([
  ['a value out of range', { code: '22003' }, true],
  ['a broken constraint', { code: '23502' }, true],
  ['an index entry too large', { code: '54000' }, true],
  ['a bug of ours', new TypeError('x'), true],
  ['a server that shuts down', { code: '57P01' }, false],
  ['a deadlock', { code: '40P01' }, false],
  ['a disk that is full', { code: '53100' }, false],
  ['a table that is not there yet', { code: '42P01' }, false],
  ['no connection', { code: 'ECONNREFUSED' }, false],
  ['a connection that broke', new Error('Connection terminated unexpectedly'), false],
])('tells poison from a passing trouble: %s', (_what, error, expected) => {
  expect(isPoison(error)).toBe(expected);
});
