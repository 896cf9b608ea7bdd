import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { migrate } from '#libs/read-model';
import { createTask, noopTask, type ServiceProcess, type Services, startServices } from '#libs/rig';
import {
  eventually,
  startTestNats,
  startTestPostgres,
  type TestNats,
  type TestPostgres,
} from '#libs/testing';

const WITHIN_MS = 20_000;

jest.setTimeout(120_000);

let nats: TestNats;
let postgres: TestPostgres;
let services: Services;
let databaseUrl: string;

beforeEach(async () => {
  [nats, postgres] = await Promise.all([startTestNats({ isLocked: true }), startTestPostgres()]);
  databaseUrl = await postgres.createDatabase();
  await migrate(databaseUrl);
});
afterEach(async () => {
  await services?.stop();
  await Promise.all([postgres?.stop(), nats?.stop()]);
});

async function start(): Promise<ServiceProcess[]> {
  services = await startServices({
    natsUrl: nats.url,
    databaseUrl,
    env: { CARILLON_SHARDS: '1' },
    replicas: { definitions: 1, dispatch: 1, execution: 1, projection: 1 },
  });
  return Promise.all([services.start('gateway'), services.start('gateway')]);
}

/** Where a gateway that took a free port says that it listens. */
async function addressOf(gateway: ServiceProcess): Promise<string> {
  const { address } = await gateway.said(({ msg }) => msg === 'the gateway listens', WITHIN_MS);
  return String(address);
}

async function post(address: string, path: string, body: unknown, key?: string) {
  const response = await fetch(`${address}/api/scheduler${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: JSON.parse(await response.text()) };
}

async function get(address: string, path: string) {
  return JSON.parse(await (await fetch(`${address}/api/scheduler${path}`)).text());
}

/** Tasks without a schedule that end as is wanted. */
const byHand = (settings: object, parameters: object = { durationMs: 0 }) => ({
  ...noopTask({}, 0),
  schedules: [],
  parametersJson: JSON.stringify(parameters),
  settings: { timeoutMs: 60_000, retryPolicy: { backoffMultiplier: 1 }, ...settings },
});

describe('an Idempotency-Key', () => {
  test('gives the same execution by every gateway, and after a restart of everything', async () => {
    const [one, other] = await start();
    if (one === undefined || other === undefined) throw new Error('two gateways were started');
    const taskId = await createTask(services.nc, byHand({}));
    const run = `/tasks/${taskId}/run`;
    const asked = { parameters: { durationMs: 1 } };
    const address = await addressOf(one);
    const first = await post(address, run, asked, 'a key');
    expect(first.status).toBe(202);
    const again = await post(await addressOf(other), run, asked, 'a key');
    expect(again.json.executionId).toBe(first.json.executionId);

    await services.kill9All();
    const later = await Promise.all([
      services.start('definitions'),
      services.start('dispatch'),
      services.start('projection'),
      services.start('gateway'),
    ]);
    const restarted = await addressOf(later[3]);
    const third = await post(restarted, run, asked, 'a key');
    expect([third.status, third.json.executionId]).toEqual([202, first.json.executionId]);
    const misused = await post(restarted, run, { parameters: { durationMs: 2 } }, 'a key');
    expect([misused.status, misused.json.code]).toEqual([422, 'idempotency-key-reused']);
  });
});

describe('an execution that fails for good', () => {
  test('is a dead letter, and runs again with a better input', async () => {
    const [gateway] = await start();
    if (gateway === undefined) throw new Error('a gateway was started');
    const address = await addressOf(gateway);
    const retryPolicy = {
      maxRetries: 1,
      initialDelayMs: 50,
      backoffMultiplier: 1,
      maxDelayMs: 0,
      jitter: 0.5,
    };
    const settings = { timeoutMs: 1_000, stopGraceMs: 500, retryPolicy };
    const taskId = await createTask(services.nc, byHand(settings, { durationMs: 60_000 }));
    const { json } = await post(address, `/tasks/${taskId}/run`, {});
    const [letter] = await eventually(
      async () => {
        const { deadLetters } = await get(address, `/dead-letters?taskId=${taskId}`);
        expect(deadLetters).toHaveLength(1);
        return deadLetters;
      },
      { withinMs: WITHIN_MS },
    );
    expect(letter).toMatchObject({
      id: json.executionId,
      cause: 'exhausted',
      attempts: 2,
      error: { code: 'TIMED_OUT' },
    });
    const redrive = `/dead-letters/${letter.id}/redrive`;
    const redriven = await post(address, redrive, { parameters: { durationMs: 0 } });
    const { executionId } = redriven.json;
    await eventually(
      async () =>
        expect(await get(address, `/executions/${executionId}`)).toMatchObject({
          status: 'success',
          trigger: 'retry',
          retryOf: letter.id,
        }),
      { withinMs: WITHIN_MS },
    );
    expect(await get(address, `/dead-letters/${letter.id}`)).toMatchObject({
      status: 'redriven',
      redrivenBy: executionId,
    });
    const { exitCode, said } = await services.replay('verify');
    expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
    expect((await services.replay('trace', letter.id)).said).toContain('dead letter');
  });
});

describe('a total deadline', () => {
  test('stops what runs, and ends it as timed out', async () => {
    const [gateway] = await start();
    if (gateway === undefined) throw new Error('a gateway was started');
    const address = await addressOf(gateway);
    const settings = { totalDeadlineMs: 1_500, stopGraceMs: 500 };
    const taskId = await createTask(services.nc, byHand(settings, { durationMs: 60_000 }));
    const { json } = await post(address, `/tasks/${taskId}/run`, {});
    await eventually(
      async () =>
        expect(await get(address, `/executions/${json.executionId}`)).toMatchObject({
          status: 'timeout',
          error: { code: 'DEADLINE_EXCEEDED' },
        }),
      { withinMs: WITHIN_MS },
    );
  });
});
