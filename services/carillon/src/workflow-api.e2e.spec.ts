import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { migrate } from '#libs/read-model';
import { type ServiceProcess, type Services, startServices } from '#libs/rig';
import {
  eventually,
  startTestNats,
  startTestPostgres,
  type TestNats,
  type TestPostgres,
} from '#libs/testing';

jest.setTimeout(120_000);
const WITHIN_MS = 40_000;

let nats: TestNats;
let postgres: TestPostgres;
let services: Services;
let address: string;

beforeEach(async () => {
  [nats, postgres] = await Promise.all([startTestNats(), startTestPostgres()]);
  const databaseUrl = await postgres.createDatabase({
    name: 'read_model',
    prepare: async (empty) => void (await migrate(empty)),
  });
  services = await startServices({
    natsUrl: nats.url,
    databaseUrl,
    env: { CARILLON_SHARDS: '1' },
    replicas: { definitions: 1, dispatch: 1, execution: 1, projection: 1 },
  });
  address = await addressOf(await services.start('gateway'));
});
afterEach(async () => {
  await services?.stop();
  await Promise.all([nats?.stop(), postgres?.stop()]);
});

async function addressOf(gateway: ServiceProcess): Promise<string> {
  const said = await gateway.said(({ msg }) => msg === 'the gateway listens', WITHIN_MS);
  return String(said['address']);
}

async function ask(method: string, path: string, body?: unknown, headers: object = {}) {
  const response = await fetch(`${address}/api/scheduler${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const { status } = response;
  return {
    status,
    json: text === '' ? undefined : JSON.parse(text),
    etag: response.headers.get('etag'),
  };
}

async function graphql(query: string) {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data?: Record<string, unknown>; errors?: unknown };
}

const definitionOf = (version: string, tasks: string) =>
  `document: { dsl: 1.0.3, namespace: shop, name: order, version: ${version} }\ndo:\n${tasks}`;

const LISTENS = `
  - hear: { listen: { to: { one: { with: { type: paid } } } } }
  - sum:
      run: { shell: { command: 'echo 42; test -e /nowhere' } }
`;

async function taskOf(workflowId: string) {
  return ask('POST', '/tasks', {
    name: 'Order',
    type: 'workflow',
    target: { workflowId },
    schedules: [],
    settings: { timeout: 1 },
    enabled: true,
  });
}

describe('a workflow over REST', () => {
  test('is refused with the place of each problem, saved in versions, and kept while a task runs it', async () => {
    const wrong = definitionOf('1.0.0', '  - a: { call: grpc, with: {} }\n');
    expect(await ask('POST', '/workflows', { definition: wrong })).toMatchObject({
      status: 400,
      json: { errors: [{ path: '/definition/do/0/a/call', code: 'not-supported' }] },
    });
    const broken = definitionOf('1.0.0', "  - a: { set: { b: '${ .[ }' } }\n");
    expect(await ask('POST', '/workflows/check', { definition: broken })).toMatchObject({
      status: 200,
      json: { problems: [{ code: 'expression-invalid' }] },
    });
    const definition = definitionOf('1.0.0', LISTENS);
    const made = await ask('POST', '/workflows', { definition, note: 'first' });
    expect(made).toMatchObject({
      status: 201,
      json: { name: 'order', version: 1, reference: 'shop/order:1.0.0', definition, note: 'first' },
    });
    const path = `/workflows/${made.json.id}`;
    const next = { name: 'Orders', definition: definitionOf('1.1.0', LISTENS) };
    const replaced = await ask('PUT', path, next, { 'if-match': made.etag });
    expect(replaced).toMatchObject({ status: 200, json: { name: 'Orders', version: 2 } });
    expect(await ask('PUT', path, next, { 'if-match': made.etag })).toMatchObject({ status: 412 });
    expect((await ask('GET', `${path}/versions`)).json.versions).toHaveLength(2);
    expect(await taskOf('nothing')).toMatchObject({ status: 400 });
    const task = await taskOf(made.json.id);
    expect(task.status).toBe(201);
    expect(await ask('DELETE', path)).toMatchObject({
      status: 409,
      json: { code: 'workflow-in-use' },
    });
    await ask('DELETE', `/tasks/${task.json.taskId}`);
    expect(await ask('DELETE', path)).toMatchObject({ status: 204 });
    expect(await ask('GET', path)).toMatchObject({ status: 404 });
  });

  test('waits for an event without a slot, tells its steps, and goes on from the one that failed', async () => {
    const { json: workflow } = await ask('POST', '/workflows', {
      definition: definitionOf('1.0.0', LISTENS),
    });
    const { json: task } = await taskOf(workflow.id);
    const { json: run } = await ask('POST', `/tasks/${task.taskId}/run`, {});
    const execution = () => ask('GET', `/executions/${run.executionId}`);
    const waiting = await eventually(
      async () => {
        const { json } = await execution();
        expect(json.waitingFor).toMatchObject({ cause: 'event' });
        return json;
      },
      { withinMs: WITHIN_MS },
    );
    expect(waiting).toMatchObject({ status: 'running', retryCount: 0 });
    const event = { type: 'paid', data: { sum: 5 } };
    expect(await ask('POST', `/executions/${run.executionId}/events`, event)).toMatchObject({
      status: 202,
    });
    expect(await ask('POST', `/executions/${task.taskId}/events`, event)).toMatchObject({
      status: 404,
    });
    await eventually(async () => expect((await execution()).json.status).toBe('failed'), {
      withinMs: WITHIN_MS,
    });
    const steps = await eventually(
      async () => {
        const { json } = await ask('GET', `/executions/${run.executionId}/steps`);
        expect(json.steps).toHaveLength(2);
        expect(json.steps[1].endedAt).not.toBeNull();
        return json.steps;
      },
      { withinMs: WITHIN_MS },
    );
    expect(steps).toMatchObject([
      { step: '/do/0/hear', status: 'listening' },
      { step: '/do/1/sum', status: 'succeeded', starts: 1, output: { code: 1, stdout: '42\n' } },
    ]);
    const retry = `/executions/${run.executionId}/retry`;
    expect(await ask('POST', retry, { fromStep: 'nonsense' })).toMatchObject({ status: 400 });
    const { json: again } = await ask('POST', retry, { fromStep: 'failed' });
    const told = await eventually(
      async () => {
        const { data } = await graphql(
          `{ execution(id: "${again.executionId}") { status retryOf steps { step status attempt } } }`,
        );
        expect(data?.['execution']).toMatchObject({ status: 'failed' });
        return data;
      },
      { withinMs: WITHIN_MS },
    );
    expect(told).toMatchObject({
      execution: {
        retryOf: run.executionId,
        steps: [{ step: '/do/0/hear' }, { step: '/do/1/sum', status: 'succeeded', attempt: 1 }],
      },
    });
    expect(await services.replay('verify')).toMatchObject({ exitCode: 0 });
    const { said } = await services.replay('trace', run.executionId);
    expect(said).toContain('step /do/1/sum begun by attempt 2');
  });
});
