import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { create, dispatch as d, SYSTEM_ACCOUNT } from '#libs/contracts';
import { LOCAL_ACCOUNT } from '../identity.js';
import { type GatewayUnderTest, gatewayUnderTest } from '../testing/gateway-under-test.js';
import { BASE_MS, executionRow, scheduleRow, taskRow } from '../testing/rows.js';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await gatewayUnderTest({ adminDir: '/nowhere' });
  const { db } = gateway;
  // Nothing projects here: whatever is accepted counts as readable.
  const everything = { projection: 'executions', version: 99, stream: 'DISPATCH', seq: 1_000_000 };
  await db.insertInto('projection_position').values(everything).execute();
  await db.insertInto('task').values(taskRow('daily')).execute();
  await db.insertInto('schedule').values(scheduleRow('s-1', 'daily')).execute();
  const at = (date: number) => new Date(Date.UTC(2026, 0, date, 9));
  await db
    .insertInto('execution')
    .values([
      executionRow('e-1', 1, { nominal_at: at(2) }),
      executionRow('e-2', 2, { nominal_at: at(3), status: 'failed', backfill_id: 'b-1' }),
      executionRow('e-3', 3, { nominal_at: at(4), status: 'skipped' }),
    ])
    .execute();
  await db
    .insertInto('backfill')
    .values({
      account: LOCAL_ACCOUNT,
      id: 'b-1',
      task_id: 'daily',
      schedule_id: 's-1',
      slots: 10,
      first_due_at: at(2),
      last_due_at: at(11),
      concurrency: 2,
      note: 'After the outage',
      author: 'local-admin',
      status: 'running',
      requested: 4,
      succeeded: 1,
      failed: 1,
      cancelled: 0,
      started_at: new Date(BASE_MS),
      finished_at: null,
      position: 1,
    })
    .execute();
});
afterAll(() => gateway?.stop());
beforeEach(() => {
  gateway.commands.length = 0;
  gateway.answerWith({});
});

const BACKFILLS = '/tasks/daily/backfills';
const january = {
  scheduleId: 's-1',
  from: '2026-01-02T00:00:00Z',
  to: '2026-01-06T00:00:00Z',
};

async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${gateway.address}/api/scheduler${path}`, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: JSON.parse(await response.text()) };
}

function sentBody(): d.Command['body'] {
  const [first] = gateway.commands;
  if (first?.to !== 'dispatch') throw new Error('no command was sent');
  return first.command.body;
}

describe('a backfill', () => {
  test('is counted beforehand, and nothing is sent', async () => {
    const { status, json } = await send('POST', BACKFILLS, { ...january, dryRun: true });
    expect(status).toBe(200);
    expect(json).toEqual({
      backfillId: null,
      count: 2,
      leftOut: 2,
      leftOutBy: { ran: 2, outOfBounds: 0, paused: 0, maintenance: 0, calendar: 0 },
      first: { at: '2026-01-04T09:00:00.000Z', local: '2026-01-04T09:00:00' },
      last: { at: '2026-01-05T09:00:00.000Z', local: '2026-01-05T09:00:00' },
    });
    expect(gateway.commands).toEqual([]);
  });

  test('sends its slots in the order in which they run', async () => {
    const asked = { ...january, reprocess: 'failed', order: 'backward', concurrency: 3, note: 'n' };
    const { status, json } = await send('POST', BACKFILLS, asked);
    expect([status, json.backfillId, json.count]).toEqual([202, expect.any(String), 3]);
    const body = sentBody();
    expect(body).toMatchObject({
      case: 'startBackfill',
      value: { taskId: 'daily', scheduleId: 's-1', concurrency: 3, note: 'n' },
    });
    const slots = body.case === 'startBackfill' ? body.value.slots : [];
    expect(slots.map(({ local }) => Number(local.slice(8, 10)))).toEqual([5, 4, 3]);
    expect(slots[0]).toMatchObject({ scheduleRevision: 1, zone: 'UTC', pass: 0 });
  });

  test('leaves out what a maintenance skipped, unless every slot is wanted', async () => {
    const at = (date: number) => new Date(Date.UTC(2026, 0, date));
    const skipping = { from_at: at(4), until_at: at(5), aftermath: 'skip', planned_at: at(4) };
    const row = { account: SYSTEM_ACCOUNT, id: 'm', reason: '', status: 'planned', position: 1 };
    const told = { author: 'local-admin', ended_at: null, ended_by: null };
    await gateway.db
      .insertInto('maintenance')
      .values({ ...row, ...skipping, ...told })
      .execute();
    const dry = { ...january, dryRun: true };
    const honest = await send('POST', BACKFILLS, dry);
    expect(honest.json).toMatchObject({ count: 1, leftOutBy: { ran: 2, maintenance: 1 } });
    const all = await send('POST', BACKFILLS, { ...dry, onlyScheduled: false });
    expect(all.json).toMatchObject({ count: 2, leftOutBy: { maintenance: 0 } });
    await gateway.db.deleteFrom('maintenance').execute();
  });

  test.each<[string, object, number, string]>([
    ['into the future', { to: '2199-01-01T00:00:00Z' }, 400, 'in-future'],
    ['of nobody', { scheduleId: 's-9' }, 404, 'schedule-unknown'],
    ['of too many at a time', { concurrency: 1_001 }, 400, 'too-large'],
    ['of nothing', { to: '2026-01-03T00:00:00Z' }, 409, 'nothing-to-run'],
  ])('%s is refused', async (_name, rest, status, code) => {
    const { json } = await send('POST', BACKFILLS, { ...january, ...rest });
    expect([json.status, json.errors?.[0].code ?? json.code]).toEqual([status, code]);
    expect(gateway.commands).toEqual([]);
  });

  test('is told with its progress', async () => {
    const progress = { requested: 4, open: 2, succeeded: 1, failed: 1, cancelled: 0, remaining: 6 };
    const { json } = await send('GET', BACKFILLS);
    expect(json.backfills).toMatchObject([{ id: 'b-1', status: 'running', progress }]);
    expect((await send('GET', '/backfills/b-1')).json).toMatchObject({ progress });
    expect((await send('GET', '/backfills/b-9')).json.code).toBe('backfill-unknown');
    const runs = await send('GET', '/executions?backfillId=b-1');
    expect(runs.json.executions).toMatchObject([{ id: 'e-2', backfillId: 'b-1' }]);
  });

  test.each([
    ['pause', d.BackfillChange.PAUSE],
    ['resume', d.BackfillChange.RESUME],
    ['cancel', d.BackfillChange.CANCEL],
  ])('is asked to %s', async (verb, change) => {
    expect((await send('POST', `/backfills/b-1/${verb}`)).json).toMatchObject({ id: 'b-1' });
    expect(sentBody()).toMatchObject({
      case: 'changeBackfill',
      value: { backfillId: 'b-1', change },
    });
  });

  test('under a key that was used before is answered as it was, although nothing is left to run', async () => {
    const accepted = create(d.AcceptedSchema, { executionId: 'b-1', position: 1 });
    gateway.answerWith({ dispatch: () => ({ case: 'accepted', value: accepted }) });
    const asked = { ...january, to: '2026-01-03T00:00:00Z' };
    const again = await send('POST', BACKFILLS, asked, { 'idempotency-key': 'january' });
    expect(again).toMatchObject({ status: 202, json: { backfillId: 'b-1', count: 10 } });
    expect(again.json.first).toEqual({
      at: '2026-01-02T09:00:00.000Z',
      local: '2026-01-02T09:00:00',
    });
    const refused = create(d.RejectedSchema, { code: 'slots-invalid', message: 'No.' });
    gateway.answerWith({ dispatch: () => ({ case: 'rejected', value: refused }) });
    const first = await send('POST', BACKFILLS, asked, { 'idempotency-key': 'new' });
    expect(first.json.code).toBe('nothing-to-run');
  });

  test('that has ended can be changed no more', async () => {
    const value = create(d.RejectedSchema, { code: 'backfill-unknown', message: 'No.' });
    gateway.answerWith({ dispatch: () => ({ case: 'rejected', value }) });
    expect((await send('POST', '/backfills/b-1/pause')).json.code).toBe('backfill-ended');
    expect((await send('POST', '/backfills/b-9/pause')).json.code).toBe('backfill-unknown');
  });

  test('is started, told and refused over GraphQL, too', async () => {
    const query = `mutation ($input: BackfillInput!) { startBackfill(taskId: "daily", input: $input) {
      __typename ... on Problem { code field } } }`;
    const response = await fetch(`${gateway.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query,
        variables: { input: { ...january, to: '2199-01-01T00:00:00Z' } },
      }),
    });
    expect(await response.json()).toMatchObject({
      data: { startBackfill: { __typename: 'Problem', code: 'in-future', field: '/to' } },
    });
  });
});
