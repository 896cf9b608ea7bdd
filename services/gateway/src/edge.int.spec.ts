import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { create, dispatch, task as t } from '#libs/contracts';
import { type GatewayUnderTest, gatewayUnderTest } from './testing/gateway-under-test.js';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await gatewayUnderTest({ adminDir: '/nowhere' });
});
afterAll(() => gateway?.stop());
beforeEach(() => {
  gateway.commands.length = 0;
  gateway.answerWith({});
});

const TASKS = '/api/scheduler/tasks';
const task = {
  name: 'Daily report',
  type: 'system',
  target: { systemTask: 'noop' },
  schedule: { cron: '0 9 * * 1-5', timezone: 'America/New_York' },
  settings: {
    timeout: 5,
    retryPolicy: { maxRetries: 2, initialDelay: 1, backoffMultiplier: 2 },
    notifications: { onSuccess: false, onFailure: true, channels: [] },
  },
  enabled: true,
};
const withSettings = (settings: object) => ({
  ...task,
  settings: { ...task.settings, ...settings },
});
const asHttp = (parameters: object) => ({
  ...task,
  target: { systemTask: 'http.request' },
  parameters,
});

async function send(method: string, path: string, body?: unknown, headers = {}) {
  const response = await fetch(`${gateway.address}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { response, status: response.status, text, json: text ? parsed(text) : undefined };
}

function firstSent<C extends t.Command | dispatch.Command>(): C {
  const [first] = gateway.commands;
  if (first === undefined) throw new Error('no command was sent');
  return first.command as C;
}

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Nest has no say in `Host`, and neither has fetch. */
function sendRaw(headers: Record<string, string>, method = 'POST'): Promise<number> {
  const { port } = new URL(gateway.address);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path: TASKS, method, headers },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    request.on('error', reject);
    request.end(method === 'POST' ? JSON.stringify(task) : undefined);
  });
}

describe('a task that is not fit is refused with the field at fault, and no command is sent', () => {
  test.each<[string, unknown, string, string]>([
    ['an unknown field', { ...task, nme: 1 }, '/nme', 'unknown-field'],
    [
      'an unknown field inside',
      { ...task, schedule: { ...task.schedule, zone: 'UTC' } },
      '/schedule/zone',
      'unknown-field',
    ],
    ['no name', { ...task, name: undefined }, '/name', 'missing'],
    ['a name of another type', { ...task, name: 5 }, '/name', 'wrong-type'],
    ['an empty name', { ...task, name: '' }, '/name', 'too-short'],
    ['a blank name', { ...task, name: '   ' }, '/name', 'blank'],
    ['a name that is too long', { ...task, name: 'x'.repeat(201) }, '/name', 'too-long'],
    [
      'a control character in the name',
      { ...task, name: 'a\u0007b' },
      '/name',
      'control-character',
    ],
    ['a name that is turned round', { ...task, name: 'a\u202eb' }, '/name', 'control-character'],
    ['an unknown type', { ...task, type: 'shell' }, '/type', 'not-one-of'],
    [
      'a workflow',
      { ...task, type: 'workflow', target: { workflowId: 'w' } },
      '/type',
      'workflow-unavailable',
    ],
    ['no target', { ...task, target: {} }, '/target/systemTask', 'missing'],
    [
      'an unknown system task',
      { ...task, target: { systemTask: 'rm' } },
      '/target/systemTask',
      'not-one-of',
    ],
    [
      'a target of another type',
      { ...task, target: { systemTask: 'noop', workflowId: 'w' } },
      '/target/workflowId',
      'target-mismatch',
    ],
    [
      'an automation that is not there',
      { ...task, type: 'browser_automation', target: { automationId: 'nobody' } },
      '/target/automationId',
      'automation-unknown',
    ],
    [
      'an id with dots',
      { ...task, type: 'browser_automation', target: { automationId: 'a.>' } },
      '/target/automationId',
      'bad-id',
    ],
    ['no schedule', { ...task, schedule: undefined }, '/schedule', 'missing'],
    ['both shapes of schedules', { ...task, schedules: [] }, '/schedules', 'ambiguous'],
    [
      'a cron expression out of range',
      { ...task, schedule: { ...task.schedule, cron: '61 * * * *' } },
      '/schedule/cron',
      'out-of-range',
    ],
    [
      'a cron expression that never fires',
      { ...task, schedule: { ...task.schedule, cron: '0 0 31 2 *' } },
      '/schedule/cron',
      'never-fires',
    ],
    [
      'an unknown zone',
      { ...task, schedule: { ...task.schedule, timezone: 'Mars/Olympus' } },
      '/schedule/timezone',
      'unknown-zone',
    ],
    [
      'a second schedule that is wrong',
      { ...task, schedule: undefined, schedules: [task.schedule, { cron: '', timezone: 'UTC' }] },
      '/schedules/1/cron',
      'empty',
    ],
    [
      'too many schedules',
      { ...task, schedule: undefined, schedules: Array(51).fill(task.schedule) },
      '/schedules',
      'too-long',
    ],
    [
      'an unknown DST policy',
      { ...task, schedule: { ...task.schedule, dst: 'both' } },
      '/schedule/dst',
      'not-one-of',
    ],
    ['no timeout at all', withSettings({ timeout: 0 }), '/settings/timeout', 'too-small'],
    ['an endless timeout', withSettings({ timeout: 1e9 }), '/settings/timeout', 'too-large'],
    [
      'half a retry',
      withSettings({ retryPolicy: { maxRetries: 1.5 } }),
      '/settings/retryPolicy/maxRetries',
      'wrong-type',
    ],
    [
      'a backoff that shrinks',
      withSettings({ retryPolicy: { backoffMultiplier: 0.5 } }),
      '/settings/retryPolicy/backoffMultiplier',
      'too-small',
    ],
    [
      'an unknown priority',
      withSettings({ priority: 'urgent' }),
      '/settings/priority',
      'not-one-of',
    ],
    [
      'a limit of nothing',
      withSettings({ concurrencyLimit: 0 }),
      '/settings/concurrencyLimit',
      'too-small',
    ],
    [
      'channels of another type',
      withSettings({ notifications: { channels: [1] } }),
      '/settings/notifications/channels/0',
      'wrong-type',
    ],
    ['enabled as a text', { ...task, enabled: 'yes' }, '/enabled', 'wrong-type'],
    ['parameters that are a list', { ...task, parameters: [] }, '/parameters', 'wrong-type'],
    [
      'parameters that are too large',
      { ...task, parameters: { a: 'x'.repeat(66_000) } },
      '/parameters',
      'too-large',
    ],
    [
      'a parameter nobody knows',
      { ...task, parameters: { durationMss: 1 } },
      '/parameters/durationMss',
      'parameter-invalid',
    ],
    ['a request without address', asHttp({}), '/parameters/url', 'parameter-invalid'],
    [
      'a request to a file',
      asHttp({ url: 'file:///etc/passwd' }),
      '/parameters/url',
      'parameter-invalid',
    ],
    ['a body that is a list', [task], '', 'wrong-type'],
    ['a body that is null', 'null', '', 'missing'],
    ['no body', undefined, '', 'missing'],
    ['a NUL', { ...task, description: 'a\u0000b' }, '/description', 'nul-character'],
    ['half a surrogate pair', '{"name":"\\ud800"}', '/name', 'lone-surrogate'],
    [
      'a key of prototypes',
      '{"parameters":{"__proto__":{"admin":true}}}',
      '/parameters/__proto__',
      'forbidden-key',
    ],
    [
      'bottomless nesting',
      `{"parameters":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
      '',
      'too-deep',
    ],
  ])('%s', async (_what, body, path, code) => {
    const { response, status, json } = await send('POST', TASKS, body);
    expect({ status, type: response.headers.get('content-type') }).toEqual({
      status: 400,
      type: 'application/problem+json',
    });
    expect(json.errors).toContainEqual(expect.objectContaining({ path, code }));
    expect(
      json.errors.every((one: { message: string }) => /^[A-Z"`\d].*\.$/s.test(one.message)),
    ).toBe(true);
    expect(json.instance).toBe(`urn:uuid:${response.headers.get('x-request-id')}`);
    expect(gateway.commands).toEqual([]);
  });

  test('all faults are told at once', async () => {
    const schedule = { cron: '* * * *', timezone: 'Nowhere/At_All' };
    const { json } = await send('POST', TASKS, { ...task, target: {}, schedule });
    expect(json.errors.map((one: { path: string }) => one.path).sort()).toEqual([
      '/schedule/cron',
      '/schedule/timezone',
      '/target/systemTask',
    ]);
  });
});

describe('a body that cannot be read', () => {
  test.each<[string, string, Record<string, string>, number, string]>([
    ['broken JSON', '{"name":', {}, 400, 'invalid-json'],
    ['two values', '{} {}', {}, 400, 'invalid-json'],
    ['2 MB', JSON.stringify({ a: 'x'.repeat(2_000_000) }), {}, 413, 'body-too-large'],
    ['plain text', 'hello', { 'content-type': 'text/plain' }, 415, 'media-type-unsupported'],
    [
      'a form',
      'a=b',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'media-type-unsupported',
    ],
  ])('%s', async (_what, body, headers, status, code) => {
    const answer = await send('POST', TASKS, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ status, code, type: `urn:carillon:problem:${code}` });
    expect(answer.text).not.toMatch(/\bat .*\.[jt]s/);
    expect(gateway.commands).toEqual([]);
  });
});

describe('what is not there', () => {
  const unknown = '00000000-0000-4000-8000-000000000000';
  test.each<[string, string, string, string]>([
    ['a task', 'GET', `${TASKS}/${unknown}`, 'task-unknown'],
    ['a task by a malformed id', 'GET', `${TASKS}/a%2e%2e%2fb`, 'task-unknown'],
    ['a task by an id with a NUL', 'GET', `${TASKS}/%00`, 'task-unknown'],
    ['the executions of a task', 'GET', `${TASKS}/${unknown}/executions`, 'task-unknown'],
    ['an execution', 'GET', `/api/scheduler/executions/${unknown}`, 'execution-unknown'],
    ['a log', 'GET', `/api/scheduler/executions/${unknown}/logs`, 'execution-unknown'],
    [
      'an artifact',
      'GET',
      `/api/scheduler/executions/${unknown}/artifacts/1/x.png`,
      'execution-unknown',
    ],
    [
      'an execution to be retried',
      'POST',
      `/api/scheduler/executions/${unknown}/retry`,
      'execution-unknown',
    ],
    ['an automation', 'GET', `/api/scheduler/automations/${unknown}`, 'automation-unknown'],
    ['a task to be patched', 'PATCH', `${TASKS}/${unknown}`, 'task-unknown'],
    ['a route', 'GET', '/api/scheduler/bells', 'route-unknown'],
    ['a method', 'DELETE', TASKS, 'route-unknown'],
  ])('%s', async (_what, method, path, code) => {
    const answer = await send(method, path, method === 'PATCH' ? {} : undefined);
    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({ code, status: 404 });
    expect(gateway.commands).toEqual([]);
  });

  test('a path that cannot be decoded is 400, as a problem', async () => {
    const answer = await send('GET', '/api/%zz');
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ status: 400 });
  });
});

describe('a query that is not fit', () => {
  test.each<[string, string, string]>([
    ['an unknown parameter', `${TASKS}?page=1`, '/page'],
    ['a page of nothing', `${TASKS}?limit=0`, '/limit'],
    ['a page that is too large', `${TASKS}?limit=101`, '/limit'],
    ['a limit that is no number', '/api/scheduler/executions?limit=ten', '/limit'],
    ['an offset beyond the limit', `${TASKS}?offset=10001`, '/offset'],
    ['a strange cursor', `${TASKS}?after=abc`, '/after'],
    ['a cursor of another list', '/api/scheduler/executions?after=WyJhIiwiYiJd', '/after'],
    ['a status nobody has', '/api/scheduler/executions?status=done', '/status/0'],
    [
      'a range of no dates',
      '/api/scheduler/executions?dateRange[start]=monday',
      '/dateRange[start]',
    ],
    ['a NUL', `${TASKS}?search=%00`, '/search'],
  ])('%s', async (_what, path, field) => {
    const answer = await send('GET', path);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0]).toMatchObject({ in: 'query', path: field });
  });
});

describe('headers', () => {
  test('a key that is none is refused by name', async () => {
    const answer = await send('POST', TASKS, task, { 'idempotency-key': 'k'.repeat(300) });
    expect(answer.json.errors[0]).toMatchObject({ in: 'header', path: '/idempotency-key' });
    expect(gateway.commands).toEqual([]);
  });

  test('an ETag that is none is refused by name', async () => {
    const answer = await send('PUT', `${TASKS}/some-id`, task, { 'if-match': '"abc"' });
    expect(answer.json.errors[0]).toMatchObject({ in: 'header', path: '/if-match' });
    expect(gateway.commands).toEqual([]);
  });

  test('a page of another site can send nothing', async () => {
    const headers = { 'content-type': 'application/json', origin: 'https://evil.example' };
    expect((await send('POST', TASKS, task, headers)).json).toMatchObject({ code: 'cross-site' });
    expect(await sendRaw({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(gateway.commands).toEqual([]);
  });

  test('a name that was made to point here reads nothing', async () => {
    expect(await sendRaw({ host: 'evil.example' }, 'GET')).toBe(403);
    expect(await sendRaw({ host: 'localhost:1' }, 'GET')).toBe(200);
  });

  test('every answer forbids sniffing, framing and foreign sources', async () => {
    for (const path of [TASKS, '/api/nope', '/healthz', '/']) {
      const { response } = await send('GET', path);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  });
});

describe('a command', () => {
  test('carries the task in the words of the log, and its answer the position', async () => {
    const answer = await send('POST', TASKS, withSettings({ priority: 'high', timeout: 0.5 }));
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      taskId: expect.any(String),
      name: 'Daily report',
      nextRun: expect.stringMatching(/^\d{4}-\d\d-\d\dT1[34]:00:00\.000Z$/),
      status: 'active',
      createdAt: expect.any(String),
    });
    expect(answer.response.headers.get('carillon-position')).toBe('DEFINITIONS/1');
    const sent = firstSent<t.Command>();
    expect(sent).toMatchObject({ account: 'default', actor: { id: 'local-admin' } });
    const draft = sent.body.case === 'createTask' ? sent.body.value.draft : undefined;
    expect(draft).toMatchObject({
      settings: {
        timeoutMs: 30_000,
        retryPolicy: { maxRetries: 2, initialDelayMs: 1_000, maxDelayMs: 3_600_000 },
        priority: t.Priority.HIGH,
        concurrencyLimit: 0,
      },
      schedules: [{ cron: '0 9 * * 1-5', zone: 'America/New_York', dst: t.DstPolicy.VIXIE }],
    });
  });

  test('with an Idempotency-Key has the same id however often it comes', async () => {
    const headers = { 'idempotency-key': 'press-1' };
    await send('POST', TASKS, task, headers);
    await send('POST', TASKS, task, headers);
    await send('POST', TASKS, task);
    const [one, again, other] = gateway.commands.map(({ command }) => command.id);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  test('keeps the zone as the database of zones spells it', async () => {
    const schedule = { cron: '0 9 * * *', timezone: 'europe/berlin' };
    await send('POST', TASKS, { ...task, schedule });
    const { body } = firstSent<t.Command>();
    expect(body.case === 'createTask' && body.value.draft?.schedules[0]?.zone).toBe(
      'Europe/Berlin',
    );
  });

  test('that is refused tells code and field of the refusal', async () => {
    gateway.answerWith({
      define: () => ({
        case: 'rejected',
        value: create(t.RejectedSchema, {
          code: 'name-invalid',
          message: 'A name has 1 to 200 characters.',
          field: '/name',
        }),
      }),
    });
    const answer = await send('POST', TASKS, task);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'name-invalid', errors: [{ path: '/name' }] });
  });

  test.each<[string, number]>([
    ['task-unknown', 404],
    ['changed-since', 412],
    ['log-unavailable', 503],
    ['internal', 500],
    ['something-else', 409],
  ])('refused as %s answers %i', async (code, status) => {
    const value = create(t.RejectedSchema, { code, message: 'No.', field: '' });
    gateway.answerWith({ define: () => ({ case: 'rejected', value }) });
    expect((await send('POST', `${TASKS}/some-id/pause`, {})).status).toBe(status);
  });

  test('runs a task with overrides, and says where it stands in the queue', async () => {
    gateway.answerWith({
      dispatch: () => ({
        case: 'accepted',
        value: create(dispatch.AcceptedSchema, {
          executionId: 'e-1',
          position: 7,
          queuePosition: 3,
          estimatedStartMs: Date.UTC(2026, 0, 1),
        }),
      }),
    });
    const body = { parameters: { durationMs: 5 }, priority: 'critical' };
    const answer = await send('POST', `${TASKS}/some-id/run`, body);
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      executionId: 'e-1',
      taskId: 'some-id',
      status: 'queued',
      queuePosition: 3,
      estimatedStart: '2026-01-01T00:00:00.000Z',
    });
    const { body: sent } = firstSent<dispatch.Command>();
    expect(sent.value).toMatchObject({
      taskId: 'some-id',
      parametersJson: '{"durationMs":5}',
      priority: t.Priority.CRITICAL,
    });
  });

  test('in bulk stands for each task alone', async () => {
    gateway.answerWith({
      define: ({ body }) =>
        body.case === 'pauseTask' && body.value.taskId === 'b'
          ? {
              case: 'rejected',
              value: create(t.RejectedSchema, { code: 'task-unknown', message: 'No such task.' }),
            }
          : { case: 'accepted', value: create(t.AcceptedSchema, { id: 'x', position: 2 }) },
    });
    const answer = await send('POST', `${TASKS}/bulk`, {
      action: 'pause',
      taskIds: ['a', 'b', 'a'],
    });
    expect(answer.json).toEqual({
      success: ['a'],
      failed: [{ taskId: 'b', error: 'No such task.' }],
    });
  });
});

describe('while nobody answers', () => {
  beforeEach(() => gateway.hangUp());
  afterEach(() => gateway.pickUp());

  test('a command is sent again until its service is back', async () => {
    const answer = send('POST', TASKS, task);
    await gateway.nc.flush();
    gateway.pickUp();
    expect((await answer).status).toBe(201);
    await gateway.hangUp();
  });

  test('the caller is told when to come again', async () => {
    const answer = await send('POST', TASKS, task);
    expect(answer.status).toBe(503);
    expect(answer.json).toMatchObject({ code: 'service-unavailable' });
    expect(answer.response.headers.get('retry-after')).toBe('2');
  });
});

describe('while Postgres is away', () => {
  let cut: GatewayUnderTest;
  beforeAll(async () => {
    cut = await gatewayUnderTest({ adminDir: '/nowhere' }, { hasDatabase: false });
  });
  afterAll(() => cut?.stop());
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${cut.address}${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, json: parsed(await response.text()) };
  };

  test('definitions and runs are taken all the same', async () => {
    expect((await ask('POST', TASKS, task)).status).toBe(201);
    expect((await ask('POST', `${TASKS}/some-id/run`, { parameters: {} })).status).toBe(202);
    expect(cut.commands.map(({ to }) => to)).toEqual(['definitions', 'dispatch']);
  });

  test('what cannot be read is 503, and says that the command holds', async () => {
    expect(await ask('GET', TASKS)).toMatchObject({
      status: 503,
      json: { code: 'service-unavailable' },
    });
    expect(await ask('POST', `${TASKS}/some-id/pause`, {})).toMatchObject({
      status: 503,
      json: { code: 'read-model-late' },
    });
    const answer = await ask('POST', '/graphql', { query: '{ dashboard { serverTime } }' });
    expect(answer.json.errors).toHaveLength(1);
    expect(JSON.stringify(answer.json)).not.toContain('127.0.0.1:1');
  });
});
