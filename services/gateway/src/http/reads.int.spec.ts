import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import { create, toBinary, worker } from '#libs/contracts';
import { eventually } from '#libs/testing';
import { LOCAL_ACCOUNT } from '../identity.js';
import { type GatewayUnderTest, gatewayUnderTest } from '../testing/gateway-under-test.js';
import { BASE_MS, executionRow, logRow, taskRow } from '../testing/rows.js';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await gatewayUnderTest({ adminDir: '/nowhere' });
  const { db } = gateway;
  const names = ['alpha', 'beta', 'daily', 'gone', 'paused', 'percent%'];
  await db
    .insertInto('task')
    .values(
      names.map((name) =>
        taskRow(name === 'percent%' ? 'percent' : name, {
          name,
          status: name === 'gone' ? 'deleted' : name === 'paused' ? 'paused' : 'active',
        }),
      ),
    )
    .execute();
  await db
    .insertInto('task')
    .values(taskRow('foreign', { account: 'somebody-else' }))
    .execute();
  await db
    .insertInto('schedule')
    .values({
      account: LOCAL_ACCOUNT,
      id: 's-1',
      task_id: 'daily',
      place: 0,
      cron: '0 9 * * 1-5',
      zone: 'America/New_York',
      dst: 'vixie',
      enabled: true,
      revision: 1,
    })
    .execute();
  await db
    .insertInto('task_stats')
    .values({
      account: LOCAL_ACCOUNT,
      task_id: 'daily',
      total_runs: 4,
      successful_runs: 1,
      failed_runs: 3,
      duration_sum_ms: 100,
      duration_count: 4,
      consecutive_failures: 2,
      last_execution_id: 'e-9',
      last_started_at: new Date(BASE_MS),
      last_status: 'failed',
      last_duration_ms: 7,
      last_failure_at: new Date(BASE_MS),
    })
    .execute();
  await db
    .insertInto('execution')
    .values([
      ...Array.from({ length: 9 }, (_, index) => executionRow(`e-${index}`, index)),
      executionRow('e-9', 9, {
        status: 'failed',
        error: JSON.stringify({ code: 'HTTP_STATUS_UNEXPECTED', message: 'It was 500.' }),
        attempt: 2,
      }),
      executionRow('e-retrying', 20, {
        status: 'retrying',
        task_id: 'alpha',
        trigger: 'manual',
        schedule_id: null,
        started_at: null,
        ended_at: null,
        duration_ms: null,
        retry_at: new Date(BASE_MS + 60_000),
      }),
      executionRow('e-foreign', 30, { account: 'somebody-else' }),
    ])
    .execute();
  const levels = ['debug', 'info', 'warn', 'error'];
  await db
    .insertInto('log_line')
    .values(
      [1, 1, 2, 2, 7].map((seq, index) =>
        logRow('e-0', seq, index % 2, { level: levels[index % 4] ?? 'info' }),
      ),
    )
    .execute();
});
afterAll(() => gateway?.stop());

async function get(path: string) {
  const response = await fetch(`${gateway.address}/api/scheduler${path}`);
  return { response, status: response.status, json: JSON.parse(await response.text()) };
}

async function query(text: string, variables?: object) {
  const response = await fetch(`${gateway.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text, variables }),
  });
  return { status: response.status, ...JSON.parse(await response.text()) };
}

const ids = (list: { id: string }[]) => list.map(({ id }) => id);

describe('a list of tasks', () => {
  test('has those of the account by name, without the deleted', async () => {
    const { json } = await get('/tasks');
    expect(ids(json.tasks)).toEqual(['alpha', 'beta', 'daily', 'paused', 'percent']);
    expect(json.pagination).toMatchObject({ total: 5, totalIsExact: true, limit: 50, offset: 0 });
  });

  test('goes on by cursor or by offset, with the same rows', async () => {
    const first = await get('/tasks?limit=2');
    expect(ids(first.json.tasks)).toEqual(['alpha', 'beta']);
    const after = encodeURIComponent(first.json.pagination.nextCursor);
    const byCursor = await get(`/tasks?limit=2&after=${after}`);
    const byOffset = await get('/tasks?limit=2&offset=2');
    expect(ids(byCursor.json.tasks)).toEqual(['daily', 'paused']);
    expect(ids(byOffset.json.tasks)).toEqual(['daily', 'paused']);
    expect((await get('/tasks?limit=5')).json.pagination).not.toHaveProperty('nextCursor');
  });

  test('takes a search literally', async () => {
    expect(ids((await get('/tasks?search=%25')).json.tasks)).toEqual(['percent']);
    expect(ids((await get('/tasks?search=ALPH&status=active')).json.tasks)).toEqual(['alpha']);
    expect((await get('/tasks?search=_')).json.tasks).toEqual([]);
  });
});

describe('a task', () => {
  test('is told to the letter of the requirements', async () => {
    const { json, response } = await get('/tasks/daily');
    expect(response.headers.get('etag')).toBe('"1"');
    expect(json).toMatchObject({
      id: 'daily',
      target: { systemTask: 'noop' },
      schedule: {
        cron: '0 9 * * 1-5',
        cronDescription: expect.stringContaining('09:00'),
        timezone: 'America/New_York',
      },
      status: 'active',
      stats: {
        totalRuns: 4,
        successfulRuns: 1,
        failedRuns: 3,
        averageDuration: 25,
        lastRun: {
          executionId: 'e-9',
          startedAt: '2026-01-05T09:00:00.000Z',
          status: 'failed',
          duration: 7,
        },
      },
      createdAt: '2026-01-05T09:00:00.000Z',
    });
    expect(json.schedule.nextRuns).toHaveLength(5);
    expect(json.schedules[0]).toEqual(json.schedule);
  });

  test.each(['gone', 'foreign'])('that is %s is unknown', async (id) => {
    expect((await get(`/tasks/${id}`)).status).toBe(404);
  });

  test('that never ran has figures all the same', async () => {
    const { json } = await get('/tasks/alpha');
    expect(json.schedule).toBeNull();
    expect(json.stats).toMatchObject({ totalRuns: 0, averageDuration: 0 });
  });
});

describe('executions', () => {
  test('are listed from the newest on, and no others', async () => {
    const { json } = await get('/executions?limit=3');
    expect(ids(json.executions)).toEqual(['e-retrying', 'e-9', 'e-8']);
    expect(json.pagination.total).toBe(11);
    const after = encodeURIComponent(json.pagination.nextCursor);
    const next = await get(`/executions?limit=3&after=${after}`);
    expect(ids(next.json.executions)).toEqual(['e-7', 'e-6', 'e-5']);
  });

  test('that wait for a retry are queued, in the words of the requirements', async () => {
    const { json } = await get('/executions?status=queued');
    expect(json.executions).toEqual([
      expect.objectContaining({
        id: 'e-retrying',
        status: 'queued',
        retryAt: '2026-01-05T09:01:00.000Z',
        startedAt: null,
      }),
    ]);
    expect(json.executions[0]).not.toHaveProperty('scheduledAt');
  });

  test('of a task are filtered by status and range', async () => {
    const failed = await get('/tasks/daily/executions?status=failed,timeout');
    expect(failed.json.executions[0]).toMatchObject({
      id: 'e-9',
      trigger: 'scheduled',
      retryCount: 1,
      error: { code: 'HTTP_STATUS_UNEXPECTED', message: 'It was 500.' },
      scheduledAt: '2026-01-05T09:00:09.000Z',
    });
    const start = '2026-01-05T09:00:02Z';
    const end = '2026-01-05T09:00:04Z';
    const range = await get(
      `/tasks/daily/executions?dateRange[start]=${start}&dateRange[end]=${end}`,
    );
    expect(ids(range.json.executions)).toEqual(['e-3', 'e-2']);
  });

  test('of another account are unknown', async () => {
    expect((await get('/executions/e-foreign')).status).toBe(404);
    expect((await query('{ execution(id: "e-foreign") { id } }')).data.execution).toBeNull();
  });
});

describe('a log', () => {
  test('is read page by page, each line once', async () => {
    const messages: string[] = [];
    let cursor = '';
    for (let page = 0; page < 4; page++) {
      const after = cursor ? `&after=${encodeURIComponent(cursor)}` : '';
      const { json } = await get(`/executions/e-0/logs?limit=2${after}`);
      messages.push(...json.logs.map(({ message }: { message: string }) => message));
      cursor = json.cursor;
      if (!json.hasMore) break;
    }
    expect(messages).toEqual(['1.0', '1.1', '2.0', '2.1', '7.0']);
    const { json } = await get(`/executions/e-0/logs?after=${encodeURIComponent(cursor)}`);
    expect(json).toEqual({ executionId: 'e-0', logs: [], hasMore: false, cursor });
  });

  test('of a level has the more severe lines too', async () => {
    const { json } = await get('/executions/e-0/logs?level=warn');
    expect(json.logs.map(({ level }: { level: string }) => level)).toEqual(['warn', 'error']);
  });
});

describe('an artifact', () => {
  const put = async (name: string, mediaType: string, attempt: number, fence: number) => {
    const objectKey = `${LOCAL_ACCOUNT}/e-1/${attempt}-${fence}/${name}`;
    const store = await new Objm(jetstream(gateway.nc)).create('artifacts');
    await store.putBlob({ name: objectKey }, new TextEncoder().encode(`${name} of ${fence}`));
    return { name, mediaType, sizeBytes: 3, objectKey };
  };
  beforeAll(async () => {
    const attempt = async (fence: number) => ({
      account: LOCAL_ACCOUNT,
      execution_id: 'e-1',
      attempt: 1,
      fence,
      status: 'succeeded',
      worker_id: 'w',
      released_at: new Date(BASE_MS),
      started_at: null,
      ended_at: null,
      error: null,
      output: null,
      artifacts: JSON.stringify([
        await put('end.png', 'image/png', 1, fence),
        await put('page.html', 'text/html', 1, fence),
      ]),
      usage: null,
    });
    await gateway.db
      .insertInto('attempt')
      .values([await attempt(1), await attempt(2)])
      .execute();
  });
  const fetchOne = (name: string, attempt = 1) =>
    fetch(`${gateway.address}/api/scheduler/executions/e-1/artifacts/${attempt}/${name}`);

  test('is the one of the last release, and may do nothing in a browser', async () => {
    const response = await fetchOne('end.png');
    expect(await response.text()).toBe('end.png of 2');
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('that is a page is only ever downloaded', async () => {
    const response = await fetchOne('page.html');
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment;/);
  });

  test.each([
    ['none', 1],
    ['end.png', 2],
    ['..%2fend.png', 1],
  ])('%s of attempt %i is unknown', async (name, attempt) => {
    expect((await fetchOne(name, attempt)).status).toBe(404);
  });
});

describe('GraphQL', () => {
  test('answers a screen of tasks in one round', async () => {
    const { data } = await query(`{
      tasks(first: 2, search: "a") { totalCount pageInfo { hasNextPage endCursor } edges { node {
        id nextRun schedules { description nextRuns(count: 1) } stats { totalRuns }
        recentExecutions(limit: 2) { id }
      } } }
      execution(id: "e-9") { error { code } attempts { attempt } task { name } logs { lines { line } } }
    }`);
    expect(data.tasks.totalCount).toBe(4);
    expect(data.tasks.pageInfo.hasNextPage).toBe(true);
    expect(ids(data.tasks.edges.map(({ node }: { node: { id: string } }) => node))).toEqual([
      'alpha',
      'beta',
    ]);
    expect(data.tasks.edges[0].node.recentExecutions).toEqual([{ id: 'e-retrying' }]);
    expect(data.execution).toMatchObject({
      error: { code: 'HTTP_STATUS_UNEXPECTED' },
      task: { name: 'daily' },
    });
  });

  test('gives a bad input back as a problem with its fields', async () => {
    const { data } = await query(
      `mutation ($input: TaskInput!) { createTask(input: $input) {
        ... on Problem { code field problems { field code } } } }`,
      {
        input: {
          name: '',
          type: 'system',
          target: { systemTask: 'noop' },
          schedules: [{ cron: '* * * * *', timezone: 'UTC', dst: 'sometimes' }],
        },
      },
    );
    expect(data.createTask.problems).toEqual([
      { field: '/name', code: 'too-short' },
      { field: '/schedules/0/dst', code: 'not-one-of' },
    ]);
    expect(gateway.commands).toEqual([]);
  });

  const deep = (levels: number) =>
    `{ execution(id: "e-9") ${'{ task { recentExecutions(limit: 1) '.repeat(levels)}{ id }${'} }'.repeat(levels)} }`;

  test.each([
    ['a document that is too deep', deep(5)],
    [
      'many aliases',
      `{ ${Array.from({ length: 16 }, (_, i) => `a${i}: system { version }`).join(' ')} }`,
    ],
    ['many directives', `{ system { version ${'@include(if: true) '.repeat(11)} } }`],
    ['many tokens', `{ system { ${'version '.repeat(1_000)} } }`],
    [
      'what would cost too much',
      '{ tasks(first: 200) { edges { node { recentExecutions(limit: 50) { attempts { attempt } task { recentExecutions(limit: 50) { id } } } } } } }',
    ],
    ['a page that is too large', '{ tasks(first: 201) { totalCount } }'],
    ['a field nobody has', '{ system { password } }'],
  ])('refuses %s, and says why', async (_what, text) => {
    const { errors, data } = await query(text);
    expect(data ?? null).toBeNull();
    expect(errors[0].extensions.code).not.toBe('internal-error');
    expect(JSON.stringify(errors)).not.toMatch(/stacktrace|node_modules/);
  });

  test('takes no request that a page of another site can make without being asked', async () => {
    const response = await fetch(`${gateway.address}/graphql?query={system{version}}`);
    expect(response.status).toBe(400);
    const html = await fetch(`${gateway.address}/graphql`, { headers: { accept: 'text/html' } });
    expect(await html.text()).not.toContain('<script');
  });

  test('introspects for the local admin', async () => {
    const { data } = await query(
      '{ __schema { types { fields { type { ofType { ofType { ofType { ofType { name } } } } } } } } }',
    );
    expect(data.__schema.types.length).toBeGreaterThan(30);
  });
});

describe('the dashboard', () => {
  test('tells counts, what runs next, what fails, and who works', async () => {
    const beat = create(worker.HeartbeatSchema, {
      workerId: 'w-1',
      host: 'belfry',
      pools: [{ pool: 'browser', slots: 2, free: 1 }],
      cpuUtilization: 0.5,
      memoryUtilization: 0.25,
      region: 'eu-west',
      labels: [{ key: 'gpu', value: 'none' }],
      cpuCores: 8,
      memoryBytes: 16e9,
      draining: true,
      running: [{ executionId: 'e-x', fence: 1 }],
    });
    gateway.nc.publish('worker.heartbeat', toBinary(worker.HeartbeatSchema, beat));
    const json = await eventually(async () => {
      const answer = (await get('/dashboard')).json;
      expect(answer.resourceUsage.activeWorkers).toBe(1);
      return answer;
    });
    expect(json).toMatchObject({
      overview: {
        activeTasks: 4,
        pausedTasks: 1,
        runningExecutions: 0,
        queuedExecutions: 1,
        todayExecutions: 0,
        todaySuccessRate: 1,
      },
      upcomingRuns: [{ taskId: 'daily', taskName: 'daily', scheduledAt: expect.any(String) }],
      failedTasks: [{ taskId: 'daily', consecutiveFailures: 2, lastError: 'It was 500.' }],
      resourceUsage: { cpuUtilization: 0.5, memoryUtilization: 0.25, queueDepth: 1 },
    });
    expect(json.recentExecutions).toHaveLength(11);
    const { data } = await query(
      '{ dashboard { overview { todaySuccessRate } workers { id host running pools { slots } draining region labels { key value } cpuCores memoryBytes heartbeatAgeMs } hours { hour } } system { chromium account } }',
    );
    expect(data.dashboard.overview.todaySuccessRate).toBeNull();
    expect(data.dashboard.workers).toEqual([
      {
        id: 'w-1',
        host: 'belfry',
        running: 1,
        pools: [{ slots: 2 }],
        draining: true,
        region: 'eu-west',
        labels: [{ key: 'gpu', value: 'none' }],
        cpuCores: 8,
        memoryBytes: 16e9,
        heartbeatAgeMs: expect.any(Number),
      },
    ]);
    expect(data.dashboard.hours).toHaveLength(24);
    expect(data.system).toEqual({ chromium: true, account: 'default' });
  });
});

test('the API describes itself', async () => {
  const response = await fetch(`${gateway.address}/api/docs/openapi.json`);
  const document = JSON.parse(await response.text());
  expect(document.openapi).toMatch(/^3\./);
  expect(Object.keys(document.paths)).toContain('/api/scheduler/tasks/{taskId}/run');
  expect(document.components.schemas.Problem.properties).toHaveProperty('errors');
});
