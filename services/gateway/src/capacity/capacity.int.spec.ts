import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { create, dispatch as d, fromBinary, shardOf, subjects, toBinary } from '#libs/contracts';
import {
  type GatewayUnderTest,
  gatewayUnderTest,
  UNDER_TEST,
} from '../testing/gateway-under-test.js';
import { taskRow } from '../testing/rows.js';

const BASE = '/api/scheduler';
const NOW = new Date('2026-11-23T09:00:00Z');
let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await gatewayUnderTest({ adminDir: '/nowhere' });
});
afterAll(() => gateway.stop());

async function ask(method: string, path: string, body?: unknown, headers: object = {}) {
  const response = await fetch(`${gateway.address}${BASE}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text), response };
}

const audit = {
  account: 'default',
  created_at: NOW,
  updated_at: NOW,
  created_by: 'ada',
  updated_by: 'ada',
  version: 1,
};

function lastSent() {
  return gateway.commands.at(-1)?.command.body;
}

describe('pools', () => {
  test('are the built-in ones and those that were made, each with its pause', async () => {
    const pool = {
      ...audit,
      description: '',
      max_concurrent: 0,
      pause_reason: null,
      paused_at: null,
      paused_by: null,
    };
    await gateway.db
      .insertInto('pool')
      .values([
        { ...pool, id: 'gpu', max_concurrent: 3, saved: true, paused: false, position: 7 },
        { ...pool, id: 'gone', saved: false, paused: false, position: 8 },
        { ...pool, id: 'system', saved: false, paused: true, pause_reason: 'why', position: 9 },
        { ...pool, id: 'theirs', account: 'other', saved: true, paused: false, position: 9 },
      ])
      .execute();
    const { body } = await ask('GET', '/pools');
    expect(body.pools).toMatchObject([
      { name: 'browser', builtIn: true, paused: false, maxConcurrent: null },
      { name: 'workflow', builtIn: true },
      { name: 'system', builtIn: true, paused: true, pauseReason: 'why' },
      { name: 'gpu', builtIn: false, maxConcurrent: 3 },
    ]);
    const { response } = await ask('GET', '/pools/gpu');
    expect(response.headers.get('etag')).toBe('"7"');
    expect(await ask('GET', '/pools/gone')).toMatchObject({
      status: 404,
      body: { code: 'pool-unknown' },
    });
    expect(await ask('GET', '/pools/theirs')).toMatchObject({ status: 404 });
  });

  test('are changed on the condition of If-Match, paused with a reason, and deleted', async () => {
    await ask('PUT', '/pools/gpu', { maxConcurrent: 5 }, { 'if-match': '"7"' });
    expect(lastSent()).toMatchObject({
      case: 'savePool',
      value: { name: 'gpu', maxConcurrent: 5, new: false, expectedPosition: 7 },
    });
    await ask('POST', '/pools/system/pause', { reason: 'a look at it' });
    expect(lastSent()).toMatchObject({ case: 'pausePool', value: { reason: 'a look at it' } });
    expect(await ask('DELETE', '/pools/gpu')).toMatchObject({ status: 204 });
  });

  test.each([
    [{ name: 'GPU' }, '/name'],
    [{ name: 'g'.repeat(33) }, '/name'],
    [{ name: 'gpu', maxConcurrent: -1 }, '/maxConcurrent'],
    [{ name: 'gpu', maxConcurrent: 1e9 }, '/maxConcurrent'],
    [{ name: 'gpu', slots: 1 }, '/slots'],
  ])('are refused %j, with the field', async (body, path) => {
    const sent = gateway.commands.length;
    const answer = await ask('POST', '/pools', body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } });
    expect(gateway.commands).toHaveLength(sent);
  });
});

describe('limits', () => {
  test('are told with their rate, and saved in the words of the log', async () => {
    await gateway.db
      .insertInto('named_limit')
      .values({
        ...audit,
        id: 'shop',
        name: 'Shop API',
        description: '',
        key_expression: 'parameters.customer',
        max_concurrent: 0,
        rate: JSON.stringify({ count: 10, perMs: 60_000, excess: 'skip' }),
        deleted: false,
        position: 11,
      })
      .execute();
    const { body } = await ask('GET', '/limits/shop');
    expect(body).toMatchObject({
      key: 'parameters.customer',
      maxConcurrent: null,
      rate: { count: 10, per: 60, exceeded: 'skip' },
    });
    const rate = { count: 10, per: 60, exceeded: 'skip' };
    await ask('PUT', '/limits/shop', { name: 'Shop', key: 'task', rate }, { 'if-match': '"11"' });
    expect(lastSent()).toMatchObject({
      case: 'saveLimit',
      value: {
        limitId: 'shop',
        expectedPosition: 11,
        rule: { keyExpression: 'task', rate: { count: 10, perMs: 60_000, excess: 2 } },
      },
    });
  });

  test.each([
    [{ name: 'x' }, '/maxConcurrent'],
    [{ name: 'x', maxConcurrent: 0 }, '/maxConcurrent'],
    [{ name: 'x', rate: { count: 0, per: 60 } }, '/rate/count'],
    [{ name: 'x', rate: { count: 1, per: 0 } }, '/rate/per'],
    [{ name: 'x', rate: { count: 1, per: 60, exceeded: 'never' } }, '/rate/exceeded'],
    [{ name: 'x', maxConcurrent: 1, key: 'parameters. ' }, '/key'],
    [{ name: 'x', maxConcurrent: 1, key: 'now' }, '/key'],
  ])('are refused %j, with the field', async (body, path) => {
    const answer = await ask('POST', '/limits', body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  test('of the account are the defaults until somebody sets them', async () => {
    const { body } = await ask('GET', '/account/limits');
    expect(body).toMatchObject({ maxConcurrent: 500, maxBrowserSessions: 25, weight: 1 });
    await ask('PUT', '/account/limits', { maxConcurrent: 50 });
    expect(lastSent()).toMatchObject({
      case: 'setAccountLimits',
      value: { maxConcurrent: 50, weight: 0 },
    });
    const refused = await ask('PUT', '/account/limits', { maxBrowserSessions: 1e6 });
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/maxBrowserSessions' }] },
    });
  });
});

describe('what waits', () => {
  const subject = subjects.dispatchQuery(shardOf('default', UNDER_TEST.shards));
  function owner(answer: (query: d.Query) => d.QueryReply['result']) {
    return gateway.nc.subscribe(subject, {
      callback: (_, message) => {
        const result = answer(fromBinary(d.QuerySchema, message.data));
        message.respond(toBinary(d.QueryReplySchema, create(d.QueryReplySchema, { result })));
      },
    });
  }

  test('is told by the owner of the shard', async () => {
    const asOfMs = NOW.getTime();
    const depths = [
      { priority: 2, count: 3 },
      { priority: 4, count: 1 },
    ];
    const pools = [{ pool: 'system', depths, oldestSinceMs: asOfMs - 5_000, running: 2 }];
    const report = create(d.QueueReportSchema, { asOfMs, pools } as never);
    const subscription = owner(() => ({ case: 'queues', value: report }));
    await gateway.nc.flush();
    const { body } = await ask('GET', '/queue');
    subscription.unsubscribe();
    expect(body.live).toBe(true);
    expect(body.queues.find(({ pool }: { pool: string }) => pool === 'system')).toMatchObject({
      depth: 4,
      depthByPriority: [
        { priority: 'critical', count: 1 },
        { priority: 'normal', count: 3 },
      ],
      oldestWait: 5_000,
      running: 2,
      paused: true,
    });
  });

  test('is told by the tables while the owner is away', async () => {
    const { body } = await ask('GET', '/queue');
    expect(body).toMatchObject({ live: false });
    expect(body.queues.map(({ pool }: { pool: string }) => pool)).toContain('gpu');
  });
});

test('a run beyond a rate is refused with 429, and told when to come again', async () => {
  const task = taskRow('hasty', { settings: JSON.stringify({ limitIds: ['shop'] }) });
  await gateway.db.insertInto('task').values(task).execute();
  gateway.answerWith({
    dispatch: () => ({
      case: 'rejected',
      value: create(d.RejectedSchema, { code: 'rate-limited', message: 'Limit Shop has no room.' }),
    }),
  });
  const unknown = await ask('POST', '/tasks/t1/run', {});
  const answer = await ask('POST', '/tasks/hasty/run', {});
  gateway.answerWith({});
  expect(answer).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
  expect(answer.response.headers.get('retry-after')).toBe('6');
  expect(unknown.response.headers.get('retry-after')).toBe('2');
});
