import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '#libs/testing';
import { LOCAL_ACCOUNT } from '../identity.js';
import { type GatewayUnderTest, gatewayUnderTest } from '../testing/gateway-under-test.js';
import { executionRow } from '../testing/rows.js';
import { subscribersOf, type Told } from '../testing/subscriptions.js';

let gateway: GatewayUnderTest;
const { subscribe, notice, hangUp } = subscribersOf(() => gateway);

beforeAll(async () => {
  gateway = await gatewayUnderTest({ adminDir: '/nowhere' });
});
afterEach(() => hangUp());
afterAll(() => gateway?.stop());

const at = new Date('2026-11-23T09:00:00Z');
const audit = {
  account: LOCAL_ACCOUNT,
  description: '',
  created_at: at,
  updated_at: at,
  created_by: 'ada',
  updated_by: 'ada',
  version: 1,
  position: 1,
};
const pool = { ...audit, max_concurrent: 0, saved: true, pause_reason: null, paused_by: null };

const add = (id: string, account = LOCAL_ACCOUNT) =>
  gateway.db
    .insertInto('execution')
    .values(executionRow(id, 1, { account, status: 'queued', pool: 'system' }))
    .execute();
const depthIn = ({ queuesChanged }: Record<string, never>) =>
  (queuesChanged as { queues: { pool: string; depth: number }[] }).queues.find(
    ({ pool }) => pool === 'system',
  )?.depth;

/** A notice may come before the subscription listens: it is said until it was heard. */
async function untilLast(told: Told, say: () => void, isIt: (last: never) => boolean) {
  await eventually(() => {
    const last = told.data.at(-1);
    if (last !== undefined && isIt(last as never)) return true;
    say();
    return false;
  });
}

test('queues are told as they are, and again when they differ, at most twice a second', async () => {
  const told = subscribe('subscription { queuesChanged { live queues { pool depth } } }');
  await eventually(() => told.data.length === 1);
  expect(told.data.map(depthIn)).toEqual([0]);
  const startedAt = performance.now();
  for (const id of ['q-1', 'q-2', 'q-3', 'q-4']) {
    await add(id);
    notice('execution', [id]);
  }
  await add('q-5', 'somebody-else');
  await untilLast(
    told,
    () => notice('execution', ['q-4']),
    (last) => depthIn(last) === 4,
  );
  const pushes = told.data.length - 1;
  expect(pushes).toBeLessThanOrEqual(Math.ceil((performance.now() - startedAt) / 450) + 1);
  for (let again = 0; again < 20; again++) notice('execution', ['q-4']);
  notice('execution', ['q-5'], 'somebody-else');
  expect(told.data.map(depthIn).filter((depth) => depth === 4)).toHaveLength(1);
});

test('pools and limits are told whole whenever one of them changes', async () => {
  const pools = subscribe('subscription { poolsChanged { name paused } }');
  const limits = subscribe('subscription { limitsChanged { id maxConcurrent } }');
  await eventually(() => pools.data.length === 1 && limits.data.length === 1);
  expect(limits.data).toEqual([{ limitsChanged: [] }]);
  await gateway.db
    .insertInto('pool')
    .values({ ...pool, id: 'gpu', paused: true, paused_at: at })
    .execute();
  await gateway.db
    .insertInto('named_limit')
    .values({
      ...audit,
      id: 'shop',
      name: 'Shop',
      key_expression: '',
      max_concurrent: 3,
      rate: null,
      deleted: false,
    })
    .execute();
  const namesIn = (one: { poolsChanged: { name: string }[] }) =>
    one.poolsChanged.map(({ name }) => name);
  await untilLast(
    pools,
    () => notice('pool', ['gpu']),
    (last) => namesIn(last).includes('gpu'),
  );
  expect(pools.data.at(-1)).toMatchObject({
    poolsChanged: [
      { name: 'browser' },
      { name: 'workflow' },
      { name: 'system' },
      { name: 'gpu', paused: true },
    ],
  });
  await untilLast(
    limits,
    () => notice('limit', ['shop']),
    ({ limitsChanged }: { limitsChanged: unknown[] }) => limitsChanged.length === 1,
  );
  expect(limits.data.at(-1)).toEqual({ limitsChanged: [{ id: 'shop', maxConcurrent: 3 }] });
});
