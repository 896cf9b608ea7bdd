import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { create, dispatch as d } from '#libs/contracts';
import { LOCAL_ACCOUNT } from '../identity.js';
import { type GatewayUnderTest, gatewayUnderTest } from '../testing/gateway-under-test.js';
import { BASE_MS, deadLetterRow, executionRow, taskRow } from '../testing/rows.js';

let gateway: GatewayUnderTest;
const at = (minute: number) => new Date(BASE_MS + minute * 60_000);

beforeAll(async () => {
  gateway = await gatewayUnderTest({ adminDir: '/nowhere' });
  const { db } = gateway;
  // Nothing projects here: whatever is accepted counts as readable.
  const everything = { projection: 'executions', version: 99, stream: 'DISPATCH', seq: 1_000_000 };
  await db.insertInto('projection_position').values(everything).execute();
  await db.insertInto('task').values(taskRow('daily')).execute();
  const run = executionRow('e-1', 1, { status: 'failed', ended_at: at(1) });
  await db.insertInto('execution').values(run).execute();
  await db
    .insertInto('dead_letter')
    .values([
      deadLetterRow('e-1', 1),
      deadLetterRow('e-2', 2, { cause: 'final', error_code: 'HTTP_STATUS_UNEXPECTED' }),
      deadLetterRow('e-3', 3, { task_id: 'other' }),
      deadLetterRow('e-4', 4, { status: 'redriven', redriven_by: 'e-9', resolved_at: at(5) }),
    ])
    .execute();
  await db
    .insertInto('redrive')
    .values({
      account: LOCAL_ACCOUNT,
      id: 'r-1',
      dead_letters: 10,
      per_minute: 30,
      note: null,
      author: 'local-admin',
      status: 'running',
      requested: 5,
      passed_over: 1,
      succeeded: 2,
      failed: 1,
      cancelled: 0,
      started_at: at(6),
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

async function send(method: string, path: string, body?: unknown, key?: string) {
  const response = await fetch(`${gateway.address}/api/scheduler${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: JSON.parse(await response.text()) };
}

async function graphql(query: string) {
  const response = await fetch(`${gateway.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

function sent(): d.Command {
  const [first] = gateway.commands;
  if (first?.to !== 'dispatch') throw new Error('no command was sent');
  return first.command;
}

const ids = (json: { deadLetters: { id: string }[] }) => json.deadLetters.map(({ id }) => id);

describe('dead letters', () => {
  test('are listed while they are open, the latest first, a page at a time', async () => {
    const first = await send('GET', '/dead-letters?limit=2');
    expect(ids(first.json)).toEqual(['e-3', 'e-2']);
    const { nextCursor } = first.json.pagination;
    expect(ids((await send('GET', `/dead-letters?limit=2&after=${nextCursor}`)).json)).toEqual([
      'e-1',
    ]);
  });

  test.each([
    ['of a task', 'taskId=daily', ['e-2', 'e-1']],
    ['of a cause', 'cause=final', ['e-2']],
    ['with an error', 'errorCode=BROKEN', ['e-3', 'e-1']],
    ['of a time', `from=${at(2).toISOString()}&to=${at(3).toISOString()}`, ['e-2']],
    ['that were run again', 'status=redriven', ['e-4']],
  ])('%s are found', async (_, query, found) => {
    expect(ids((await send('GET', `/dead-letters?${query}`)).json)).toEqual(found);
  });

  test('are told with the input and the attempts of their execution', async () => {
    const { json } = await send('GET', '/dead-letters/e-1');
    expect(json).toMatchObject({
      id: 'e-1',
      cause: 'exhausted',
      error: { code: 'BROKEN' },
      execution: { id: 'e-1', attempts: [] },
    });
    expect((await send('GET', '/dead-letters/e-99')).json.code).toBe('dead-letter-unknown');
  });

  test('are run again with their input, or with an edited one', async () => {
    const same = await send('POST', '/dead-letters/e-1/redrive', {}, 'a key');
    expect([same.status, same.json.taskId]).toEqual([202, 'daily']);
    expect(sent()).toMatchObject({
      keyed: true,
      body: { case: 'redrive', value: { executionId: 'e-1', parametersJson: '' } },
    });
    gateway.commands.length = 0;
    await send('POST', '/dead-letters/e-1/redrive', { parameters: { durationMs: 1 } });
    expect(sent()).toMatchObject({
      keyed: false,
      body: { value: { parametersJson: '{"durationMs":1}' } },
    });
  });

  test('that are resolved can be run no more', async () => {
    const value = create(d.RejectedSchema, { code: 'dead-letter-unknown', message: 'No.' });
    gateway.answerWith({ dispatch: () => ({ case: 'rejected', value }) });
    const { status, json } = await send('POST', '/dead-letters/e-4/redrive', {});
    expect([status, json.code]).toEqual([409, 'dead-letter-resolved']);
  });

  test('are discarded with a note, one or those that a filter finds', async () => {
    await send('POST', '/dead-letters/e-1/discard', { note: 'a bad import' });
    expect(sent().body).toMatchObject({
      case: 'discardDeadLetters',
      value: { executionIds: ['e-1'], note: 'a bad import', chosenBy: '' },
    });
    gateway.commands.length = 0;
    const { json } = await send('POST', '/dead-letters/discard', { filter: { taskId: 'daily' } });
    expect(json).toEqual({ count: 2, hasMore: false });
    expect(sent().body).toMatchObject({
      value: { executionIds: ['e-1', 'e-2'], chosenBy: '{"taskId":"daily"}' },
    });
  });
});

describe('a redrive', () => {
  test('is counted beforehand, and nothing is sent', async () => {
    const asked = { filter: { cause: ['exhausted'] }, dryRun: true };
    const { status, json } = await send('POST', '/dead-letters/redrive', asked);
    expect([status, json]).toEqual([200, { redriveId: null, count: 2, hasMore: false }]);
    expect(gateway.commands).toEqual([]);
  });

  test('names what a filter finds, the oldest first, at its pace', async () => {
    const asked = { filter: {}, perMinute: 5, note: 'the host is back' };
    const { status, json } = await send('POST', '/dead-letters/redrive', asked);
    expect([status, json.redriveId, json.count]).toEqual([202, expect.any(String), 3]);
    expect(sent().body).toMatchObject({
      case: 'startRedrive',
      value: { executionIds: ['e-1', 'e-2', 'e-3'], perMinute: 5, note: 'the host is back' },
    });
  });

  test.each<[string, object, number, string]>([
    ['of nothing named', {}, 400, 'ambiguous'],
    ['by ids and by filter', { ids: ['e-1'], filter: {} }, 400, 'ambiguous'],
    ['of too many a minute', { ids: ['e-1'], perMinute: 6_001 }, 400, 'too-large'],
    ['of nothing there', { filter: { errorCode: 'NOBODY' } }, 409, 'nothing-chosen'],
  ])('%s is refused', async (_name, asked, status, code) => {
    const { json } = await send('POST', '/dead-letters/redrive', asked);
    expect([json.status, json.errors?.[0].code ?? json.code]).toEqual([status, code]);
    expect(gateway.commands).toEqual([]);
  });

  test('is told with its progress, and asked to end', async () => {
    const progress = {
      requested: 5,
      passedOver: 1,
      open: 2,
      succeeded: 2,
      failed: 1,
      cancelled: 0,
      remaining: 4,
    };
    expect((await send('GET', '/redrives')).json.redrives).toMatchObject([{ id: 'r-1', progress }]);
    expect((await send('POST', '/redrives/r-1/cancel')).json).toMatchObject({ progress });
    expect(sent().body).toMatchObject({ case: 'cancelRedrive', value: { redriveId: 'r-1' } });
    expect((await send('GET', '/redrives/r-9')).json.code).toBe('redrive-unknown');
  });

  test('is offered over GraphQL, too', async () => {
    const told = await graphql(`{
      deadLetters(first: 1, filter: { cause: [final] }) { totalCount edges { node { id cause
        execution { id } } } }
      redrives { id progress { remaining } }
      previewRedrive(input: { filter: { taskId: "daily" } }) { count hasMore }
      retryTimeline(policy: { maxRetries: 2, initialDelay: 10, jitter: 0.5 }) {
        retry delayMin delayMax sinceFirst } }`);
    expect(told).toEqual({
      data: {
        deadLetters: {
          totalCount: 1,
          edges: [{ node: { id: 'e-2', cause: 'final', execution: null } }],
        },
        redrives: [{ id: 'r-1', progress: { remaining: 4 } }],
        previewRedrive: { count: 2, hasMore: false },
        retryTimeline: [
          { retry: 1, delayMin: 5, delayMax: 10, sinceFirst: 10 },
          { retry: 2, delayMin: 10, delayMax: 20, sinceFirst: 30 },
        ],
      },
    });
    const run = await graphql(`{ execution(id: "e-1") { deadLetter { id status } } }`);
    expect(run).toEqual({
      data: { execution: { deadLetter: { id: 'e-1', status: 'open' } } },
    });
    const changed = await graphql(`mutation {
      a: redriveDeadLetter(id: "e-1") { __typename }
      b: discardDeadLetters(input: { filter: {} }, dryRun: true) { __typename
        ... on ChosenDeadLetters { count } }
      c: cancelRedrive(id: "r-1") { __typename } }`);
    expect(changed).toEqual({
      data: {
        a: { __typename: 'RunAccepted' },
        b: { __typename: 'ChosenDeadLetters', count: 3 },
        c: { __typename: 'Redrive' },
      },
    });
  });
});

describe('a retry', () => {
  test('of a run takes an edited input whole', async () => {
    const asked = { parameters: { durationMs: 5 } };
    expect((await send('POST', '/executions/e-1/retry', asked)).status).toBe(202);
    expect(sent().body).toMatchObject({
      case: 'retryExecution',
      value: { executionId: 'e-1', parametersJson: '{"durationMs":5}' },
    });
  });

  test('under a key that was used otherwise is refused as such', async () => {
    const value = create(d.RejectedSchema, { code: 'idempotency-key-reused', message: 'Used.' });
    gateway.answerWith({ dispatch: () => ({ case: 'rejected', value }) });
    const { status, json } = await send('POST', '/tasks/daily/run', {}, 'a key');
    expect([status, json.code]).toEqual([422, 'idempotency-key-reused']);
  });
});

test('the timeline of a policy tells each delay, and refuses absurd numbers with their field', async () => {
  const { json } = await send('POST', '/retry-timeline', { maxRetries: 1, initialDelay: 60 });
  expect(json).toEqual({
    retries: [{ retry: 1, delayMin: 60, delayMax: 60, sinceFirst: 60 }],
  });
  const refused = await send('POST', '/retry-timeline', { jitter: 2, finalErrors: ['no'] });
  expect(refused.json.errors.map(({ path }: { path: string }) => path)).toEqual([
    '/jitter',
    '/finalErrors/0',
  ]);
});
