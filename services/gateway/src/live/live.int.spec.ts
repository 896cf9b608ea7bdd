import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { eventually } from '#libs/testing';
import { type GatewayUnderTest, gatewayUnderTest } from '../testing/gateway-under-test.js';
import { executionRow, logRow, taskRow } from '../testing/rows.js';
import { subscribersOf, untilTold } from '../testing/subscriptions.js';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await gatewayUnderTest({ adminDir: '/nowhere' });
  await gateway.db.insertInto('task').values(taskRow('daily')).execute();
  await gateway.db.insertInto('execution').values(executionRow('e-1', 1)).execute();
});
afterEach(() => hangUp());
afterAll(() => gateway?.stop());

const { address: socketAddress, client, subscribe, notice, hangUp } = subscribersOf(() => gateway);

describe('what changed', () => {
  test('is read again and pushed, once for many notices', async () => {
    const told = subscribe('subscription { executionsChanged { id status task { name } } }');
    await untilTold(told, () => notice('execution', ['e-1', 'e-1', 'nobody']));
    expect(told.data[0]).toEqual({
      executionsChanged: [{ id: 'e-1', status: 'success', task: { name: 'daily' } }],
    });
  });

  test('of another account or another task is not told', async () => {
    const told = subscribe('subscription { executionsChanged(taskId: "other") { id } }');
    const tasks = subscribe('subscription { tasksChanged { id status } }');
    await untilTold(tasks, () => {
      notice('task', ['daily'], 'somebody-else');
      notice('execution', ['e-1']);
      notice('task', ['daily']);
    });
    expect(tasks.data[0]).toEqual({ tasksChanged: [{ id: 'daily', status: 'active' }] });
    expect(told.data).toEqual([]);
  });

  test('comes in batches of 200, never more than four a second', async () => {
    const rows = Array.from({ length: 450 }, (_, index) => executionRow(`many-${index}`, index));
    await gateway.db.insertInto('execution').values(rows).execute();
    const told = subscribe('subscription { executionsChanged { id } }');
    await untilTold(told, () => notice('execution', ['e-1']));
    const before = told.data.length;
    const startedAt = performance.now();
    for (let from = 0; from < 450; from += 150)
      notice(
        'execution',
        rows.slice(from, from + 150).map(({ id }) => id),
      );
    const seen = () => new Set(told.data.slice(before).flatMap((one) => idsOf(one))).size;
    await eventually(() => seen() === 450);
    expect(Math.max(...told.data.map((one) => idsOf(one).length))).toBeLessThanOrEqual(200);
    expect(performance.now() - startedAt).toBeGreaterThan(450);
  });

  test('in a ledger is told by its task, once for many slots', async () => {
    const told = subscribe('subscription { slotsChanged(taskId: "daily") }');
    const all = subscribe('subscription { slotsChanged }');
    await untilTold(told, () => {
      notice('slot', ['daily'], 'somebody-else');
      notice('slot', ['other', 'daily', 'daily']);
    });
    expect(told.data[0]).toEqual({ slotsChanged: ['daily'] });
    await untilTold(all, () => notice('slot', ['other', 'daily', 'other']));
    expect(all.data[0]).toEqual({ slotsChanged: expect.arrayContaining(['daily', 'other']) });
  });

  test('of one execution begins with how it is', async () => {
    const told = subscribe('subscription { executionChanged(id: "e-1") { id status } }');
    await eventually(() => told.data.length === 1);
    await gateway.db
      .updateTable('execution')
      .set({ status: 'failed' })
      .where('id', '=', 'e-1')
      .execute();
    await untilTold(told, () => notice('execution', ['e-1']), 2);
    expect(told.data.at(-1)).toEqual({ executionChanged: { id: 'e-1', status: 'failed' } });
  });
});

describe('a log tail', () => {
  const TAIL = `subscription ($after: String) {
    logTail(executionId: "e-1", after: $after) { lines { message cursor } hasMore cursor } }`;
  const messagesOf = (told: { data: Record<string, never>[] }) =>
    told.data.flatMap((one) =>
      (one['logTail'] as { lines: { message: string }[] }).lines.map(({ message }) => message),
    );
  const add = (seq: number, count: number) =>
    gateway.db
      .insertInto('log_line')
      .values(Array.from({ length: count }, (_, place) => logRow('e-1', seq, place)))
      .execute();

  test('joins history and what follows, each line once and in order, also after a break', async () => {
    await add(1, 600);
    const first = subscribe(TAIL);
    await eventually(() => messagesOf(first).length === 600);
    await add(2, 3);
    notice('log', ['e-1']);
    notice('log', ['e-1']);
    await eventually(() => messagesOf(first).length === 603);
    first.stop();
    await add(3, 2);

    const page = first.data.at(-1)?.['logTail'] as unknown as { cursor: string };
    const again = subscribe(TAIL, { after: page.cursor });
    await eventually(() => messagesOf(again).length === 2);
    await add(4, 1);
    notice('log', ['e-1']);
    await eventually(() => messagesOf(again).length === 3);

    const all = [...messagesOf(first), ...messagesOf(again)];
    expect(new Set(all).size).toBe(606);
    expect(all.slice(-6)).toEqual(['2.0', '2.1', '2.2', '3.0', '3.1', '4.0']);
  });

  test('of a silent run says that it is up to date', async () => {
    const told = subscribe(
      'subscription { logTail(executionId: "silent") { lines { line } cursor hasMore } }',
    );
    await eventually(() => told.data.length === 1);
    expect(told.data[0]).toEqual({ logTail: { lines: [], cursor: null, hasMore: false } });
  });
});

describe('the dashboard', () => {
  test('ticks once a second, for all who watch alike', async () => {
    const tick = 'subscription { dashboardTick { serverTime overview { activeTasks } } }';
    const [one, other] = [subscribe(tick), subscribe(tick)];
    await eventually(() => one.data.length >= 3 && other.data.length >= 3, { withinMs: 8_000 });
    const timesOf = (told: { data: Record<string, never>[] }) =>
      told.data.map((each) =>
        Date.parse((each['dashboardTick'] as { serverTime: string }).serverTime),
      );
    const [times, others] = [timesOf(one), timesOf(other)];
    expect(others.filter((time) => times.includes(time)).length).toBeGreaterThanOrEqual(2);
    for (let at = 1; at < times.length; at++)
      expect((times[at] ?? 0) - (times[at - 1] ?? 0)).toBeGreaterThanOrEqual(900);
  });
});

describe('a socket', () => {
  test.each([
    [
      'a document that is too deep',
      `subscription { tasksChanged ${'{ recentExecutions { task '.repeat(5)}{ id }${'} }'.repeat(5)} }`,
      /levels deep/,
    ],
    [
      'what would cost too much',
      'subscription { tasksChanged { recentExecutions(limit: 50) { task { recentExecutions(limit: 50) { task { recentExecutions(limit: 50) { id } } } } } } }',
      /costs/,
    ],
    [
      'many aliases',
      `subscription { tasksChanged { ${Array.from({ length: 16 }, (_, i) => `a${i}: id`).join(' ')} } }`,
      /aliases/,
    ],
    ['a query', '{ system { version } }', /Only subscriptions/],
    ['a mutation', 'mutation { deleteTask(id: "daily") { __typename } }', /Only subscriptions/],
    ['a field nobody has', 'subscription { secrets }', /secrets/],
    ['broken text', 'subscription {', /Syntax Error/],
    [
      'a cursor that is none',
      'subscription { logTail(executionId: "e-1", after: "x") { hasMore } }',
      /not a cursor/,
    ],
  ])('refuses %s', async (_what, query, message) => {
    const told = subscribe(query);
    await eventually(() => told.error !== undefined);
    expect(told.error).toMatch(message);
    expect(gateway.commands).toEqual([]);
  });

  test('of a page of another site is refused, and of a foreign name', async () => {
    const refused = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve) => {
        const socket = new WebSocket(socketAddress(), 'graphql-transport-ws', { headers });
        socket.on('unexpected-response', (_request, response) => {
          response.resume();
          resolve(response.statusCode);
        });
        socket.on('error', () => undefined);
        socket.on('open', () => {
          socket.close();
          resolve(undefined);
        });
      });
    expect(await refused({ origin: 'https://evil.example' })).toBe(403);
    expect(await refused({ host: 'evil.example' })).toBe(403);
    expect(await refused({ origin: gateway.address })).toBeUndefined();
  });

  test('that sends too much, or asks for too much, is closed', async () => {
    const closed = new Promise<number>((resolve) => {
      const socket = new WebSocket(socketAddress(), 'graphql-transport-ws');
      socket.on('error', () => undefined);
      socket.on('open', () => socket.send('x'.repeat(100_000)));
      socket.on('close', (code) => resolve(code));
    });
    expect(await closed).toBe(1009);

    const greedy = client();
    const told = Array.from({ length: 51 }, () =>
      subscribe('subscription { tasksChanged { id } }', undefined, greedy),
    );
    await eventually(() => told.every(({ error }) => error !== undefined));
  });
});

function idsOf(told: Record<string, never>): string[] {
  return (told['executionsChanged'] as { id: string }[]).map(({ id }) => id);
}
