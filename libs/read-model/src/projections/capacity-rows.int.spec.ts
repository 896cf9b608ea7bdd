import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import { account as ac, create, type DomainEvent, limit as l, pool as p } from '#libs/contracts';
import type { ReadModel } from '../tables.js';
import {
  feed,
  feedAgain,
  type ReadModelUnderTest,
  startReadModel,
} from '../testing/read-model-under-test.js';
import { recorded, SUBJECT_OF, T0 } from '../testing/recorded.js';
import { definitionsProjection } from './definitions.projection.js';

let model: ReadModelUnderTest;
let db: Kysely<ReadModel>;
beforeAll(async () => {
  model = await startReadModel();
});
afterAll(() => model.stop());

/** Each event in a commit of its own, a second after the other. */
async function given(subject: string, ...events: DomainEvent[]): Promise<void> {
  ({ db } = await model.open());
  const commits = events.map((event, index) =>
    recorded({ stream: 'DEFINITIONS', subject, events: [event], seq: index + 1, at: index }),
  );
  await feed(db, definitionsProjection, commits);
  await feedAgain(db, definitionsProjection, commits);
}

const second = (n: number) => new Date(T0 + n * 1_000);

test('a built-in pool has a row once it is paused, and who paused it and why', async () => {
  await given(SUBJECT_OF.pool('system'), create(p.PoolPausedSchema, { reason: 'a look at it' }));
  expect(await db.selectFrom('pool').selectAll().execute()).toMatchObject([
    {
      id: 'system',
      saved: false,
      paused: true,
      pause_reason: 'a look at it',
      paused_by: 'alice',
      paused_at: second(0),
    },
  ]);
});

test('a pool keeps its pause over a change, and is gone when it was deleted', async () => {
  const saved = (maxConcurrent: number) => create(p.PoolSavedSchema, { maxConcurrent });
  const pause = create(p.PoolPausedSchema, {});
  await given(SUBJECT_OF.pool('gpu'), saved(1), pause, saved(2));
  const row = () => db.selectFrom('pool').selectAll().executeTakeFirst();
  expect(await row()).toMatchObject({ saved: true, paused: true, max_concurrent: 2, version: 3 });
  await given(SUBJECT_OF.pool('gpu'), saved(1), pause, create(p.PoolDeletedSchema));
  expect(await row()).toMatchObject({ saved: false, paused: false, max_concurrent: 0 });
});

test('a limit is its newest version, and stays to be seen when it was deleted', async () => {
  const rate = { count: 10, perMs: 60_000, excess: l.Excess.SKIP };
  const first = create(l.LimitSavedSchema, {
    version: 1,
    rule: { name: 'Shop', maxConcurrent: 2 },
  });
  const rule = { name: 'Shop API', keyExpression: 'task', rate };
  const next = create(l.LimitSavedSchema, { version: 2, rule });
  await given(SUBJECT_OF.limit('shop'), first, next, create(l.LimitDeletedSchema));
  expect(await db.selectFrom('named_limit').selectAll().execute()).toMatchObject([
    {
      name: 'Shop API',
      key_expression: 'task',
      max_concurrent: 0,
      rate: { count: 10, perMs: 60_000, excess: 'skip' },
      deleted: true,
      created_at: second(0),
      updated_at: second(2),
      position: 3,
    },
  ]);
});

test('an account has what was set last', async () => {
  const set = (maxConcurrent: number) => create(ac.AccountLimitsSetSchema, { maxConcurrent });
  await given(SUBJECT_OF.account('limits'), set(5), set(6));
  expect(await db.selectFrom('account_limits').selectAll().execute()).toMatchObject([
    { max_concurrent: 6, weight: 0, updated_by: 'alice', version: 2 },
  ]);
});
