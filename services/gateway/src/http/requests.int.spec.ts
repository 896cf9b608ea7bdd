import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type GatewayUnderTest, gatewayUnderTest } from '../testing/gateway-under-test.js';
import { TASKS, taskBody as task } from '../testing/task-body.js';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await gatewayUnderTest({ adminDir: '/nowhere' });
});
afterAll(() => gateway?.stop());
beforeEach(() => {
  gateway.commands.length = 0;
  gateway.answerWith({});
});

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
    const answer = await gateway.send('POST', TASKS, body, headers);
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
    const answer = await gateway.send(method, path, method === 'PATCH' ? {} : undefined);
    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({ code, status: 404 });
    expect(gateway.commands).toEqual([]);
  });

  test('a path that cannot be decoded is 400, as a problem', async () => {
    const answer = await gateway.send('GET', '/api/%zz');
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
    const answer = await gateway.send('GET', path);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0]).toMatchObject({ in: 'query', path: field });
  });
});

describe('headers', () => {
  test('a key that is none is refused by name', async () => {
    const answer = await gateway.send('POST', TASKS, task, { 'idempotency-key': 'k'.repeat(300) });
    expect(answer.json.errors[0]).toMatchObject({ in: 'header', path: '/idempotency-key' });
    expect(gateway.commands).toEqual([]);
  });

  test('an ETag that is none is refused by name', async () => {
    const answer = await gateway.send('PUT', `${TASKS}/some-id`, task, { 'if-match': '"abc"' });
    expect(answer.json.errors[0]).toMatchObject({ in: 'header', path: '/if-match' });
    expect(gateway.commands).toEqual([]);
  });

  test('a page of another site can send nothing', async () => {
    const headers = { 'content-type': 'application/json', origin: 'https://evil.example' };
    expect((await gateway.send('POST', TASKS, task, headers)).json).toMatchObject({
      code: 'cross-site',
    });
    expect(await sendRaw({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(gateway.commands).toEqual([]);
  });

  test('a name that was made to point here reads nothing', async () => {
    expect(await sendRaw({ host: 'evil.example' }, 'GET')).toBe(403);
    expect(await sendRaw({ host: 'localhost:1' }, 'GET')).toBe(200);
  });

  test('every answer forbids sniffing, framing and foreign sources', async () => {
    for (const path of [TASKS, '/api/nope', '/healthz', '/']) {
      const { response } = await gateway.send('GET', path);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  });
});
