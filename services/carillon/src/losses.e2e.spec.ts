import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { decodeCommit, task as t } from '#libs/contracts';
import { migrate } from '#libs/read-model';
import {
  createTask,
  define,
  descendantsOf,
  noopTask,
  runTask,
  type ServiceProcess,
  type Services,
  startServices,
} from '#libs/rig';
import {
  eventually,
  type OwnTestPostgres,
  startOwnTestPostgres,
  startTestNats,
  type TestNats,
  testChromium,
  testEnvironment,
} from '#libs/testing';
import {
  clock,
  endAndProve,
  runsOf,
  say,
  slotsOf,
  untilOver,
  untilSlots,
} from './testing/proof.js';

const NOTICED_WITHIN_MS = 5_000;
const ENDED_WITHIN_MS = 30_000;
const BELLS = 5;
const SECOND_MS = 1_000;
/** By hand a minute: CARILLON_TEST_POSTGRES_AWAY_S=60. */
const POSTGRES_AWAY_MS =
  Number(testEnvironment.all['CARILLON_TEST_POSTGRES_AWAY_S'] ?? 15) * SECOND_MS;

const browserTest = testChromium ? test : test.skip;

jest.setTimeout(120_000);

let nats: TestNats;
let postgres: OwnTestPostgres | undefined;
let services: Services;

async function start(options: Partial<Parameters<typeof startServices>[0]>): Promise<void> {
  services = await startServices({
    natsUrl: nats.url,
    env: { CARILLON_SHARDS: '1', CARILLON_CHROMIUM: testChromium ?? '' },
    ...options,
  });
}

async function ringEachSecond(): Promise<void> {
  for (let bell = 0; bell < BELLS; bell++) await createTask(services.nc, noopTask());
}

beforeEach(async () => {
  nats = await startTestNats();
});
afterEach(async () => {
  await services?.stop();
  await postgres?.stop();
  postgres = undefined;
  await nats?.stop();
});

describe('a worker that is killed while it works', () => {
  beforeEach(() => start({ replicas: { definitions: 1, dispatch: 1, execution: 2 } }));

  /** Kills who works on an execution; gives how long it took until its attempt counted as lost. */
  async function killWorkerOf(executionId: string): Promise<number> {
    const worker = await workerOf(executionId);
    const tree = descendantsOf(worker.pid);
    const killedAtMs = clock.now();
    await worker.kill9();
    const lostAtMs = await eventually(
      async () => {
        const [lost] = await factsOf('DISPATCH', 'dispatch.v1.AttemptLost', executionId);
        if (lost === undefined) throw new Error('not lost yet');
        return lost.storedAtMs;
      },
      { withinMs: 2 * NOTICED_WITHIN_MS },
    );
    expect(tree.isAlive()).toEqual([]);
    return lostAtMs - killedAtMs;
  }

  async function workerOf(executionId: string): Promise<ServiceProcess> {
    const started = await eventually(
      async () => {
        const [fact] = await factsOf('ATTEMPTS', 'attempt.v1.AttemptStarted', executionId);
        if (fact === undefined) throw new Error('not begun yet');
        return fact;
      },
      { withinMs: ENDED_WITHIN_MS },
    );
    const { workerId } = started.event as unknown as { workerId: string };
    const worker = services
      .of('execution')
      .find(({ lines }) => lines.some((line) => line['workerId'] === workerId));
    if (worker === undefined) throw new Error(`nobody is ${workerId}`);
    return worker;
  }

  test('is noticed within five seconds, and its attempt is made again', async () => {
    const taskId = await createTask(services.nc, noopTask({ schedules: [] }, 2_000));
    const noticed = await killWorkerOf(await runTask(services.nc, taskId));
    expect(noticed).toBeLessThan(NOTICED_WITHIN_MS);
    say('a worker killed, ms', { noticed });
    expect(await untilOver(services)).toMatchObject({ succeeded: 1, attempts: 2, lost: 1 });
    expect(await services.replay('verify')).toMatchObject({ exitCode: 0 });
  });

  browserTest('leaves no browser behind', async () => {
    let visits = 0;
    const page = createServer((request, response) => {
      if (request.url === '/') visits += 1;
      response.setHeader('content-type', 'text/html');
      response.end(`<script>ready = ${visits > 1}</script>`);
    });
    const address = await listen(page);
    try {
      const flow = {
        title: 'Wait',
        steps: [
          { type: 'navigate', url: address },
          { type: 'waitForExpression', expression: 'window.ready', timeout: 30_000 },
        ],
      };
      const automationId = await define(services.nc, {
        case: 'saveAutomation',
        value: { name: 'Wait', flowJson: JSON.stringify(flow) },
      });
      const taskId = await createTask(
        services.nc,
        noopTask({
          type: t.TaskType.BROWSER_AUTOMATION,
          target: { automationId },
          parametersJson: '{}',
          schedules: [],
        }),
      );
      const executionId = await runTask(services.nc, taskId);
      await eventually(() => expect(visits).toBe(1), { withinMs: ENDED_WITHIN_MS });
      await killWorkerOf(executionId);
      expect(await untilOver(services)).toMatchObject({ succeeded: 1, attempts: 2, lost: 1 });
      expect(visits).toBe(2);
    } finally {
      page.closeAllConnections();
      page.close();
    }
  });
});

test('everything may be killed at once, the broker too: nothing is lost, and only the lost is run again', async () => {
  const replicas = { definitions: 1, ticker: 1, dispatch: 1, execution: 1 };
  await start({ replicas });
  await ringEachSecond();
  await createTask(services.nc, noopTask({}, 700));
  await untilSlots(services, 2 * (BELLS + 1));
  // In mid-run of the long one.
  await clock.sleep(SECOND_MS + 300 - (clock.now() % SECOND_MS));
  await Promise.all([services.kill9All(), nats.kill9()]);

  await nats.restart();
  await Promise.all(Object.keys(replicas).map((name) => services.start(name as 'ticker')));
  const { slots, runs } = await endAndProve(services);

  const underWay = runs.attempts - runs.executions;
  say(`everything killed in ${slots.slots} slots`, { lost: runs.lost, inVain: runs.inVain });
  expect(runs.lost).toBeGreaterThan(0);
  expect(underWay).toBe(runs.lost);
  expect(runs.lost + runs.inVain).toBeLessThanOrEqual(BELLS + 1);
});

test('while Postgres is away bells go on ringing, and the read side catches up by itself', async () => {
  postgres = await startOwnTestPostgres();
  const databaseUrl = await postgres.createDatabase();
  await migrate(databaseUrl);
  await start({
    databaseUrl,
    replicas: { definitions: 1, ticker: 1, dispatch: 1, execution: 1, projection: 1 },
  });
  await ringEachSecond();
  await untilSlots(services, 2 * BELLS);

  await postgres.kill9();
  const before = await runsOf(services);
  await clock.sleep(POSTGRES_AWAY_MS);
  const during = await runsOf(services);
  const ringing = ((during.succeeded - before.succeeded) * SECOND_MS) / POSTGRES_AWAY_MS;
  expect(ringing).toBeGreaterThan(0.8 * BELLS);
  await postgres.restart();

  const { runs, slots } = await endAndProve(services);
  say('Postgres away', { 'runs a second': ringing, late: slots.latenessMs.at(-1) ?? 0 });
  await eventually(async () => expect(await rowsOf(databaseUrl)).toBe(runs.executions), {
    withinMs: ENDED_WITHIN_MS,
  });
  const { exitCode, said } = await services.replay('verify');
  expect(said).toContain('ok    table execution:');
  expect(exitCode).toBe(0);
  expect((await slotsOf(services)).latenessMs.at(-1)).toBeLessThan(SECOND_MS);
});

async function factsOf(stream: 'ATTEMPTS' | 'DISPATCH', type: string, executionId: string) {
  return (await services.commits(stream)).flatMap(({ bytes, storedAtMs }) =>
    decodeCommit(bytes)
      .events.filter(
        ({ event }) =>
          event.$typeName === type &&
          (event as unknown as { executionId: string }).executionId === executionId,
      )
      .map(({ event }) => ({ event, storedAtMs })),
  );
}

async function rowsOf(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query('select count(*)::int as runs from carillon.execution');
    return rows[0].runs;
  } finally {
    await client.end();
  }
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    ),
  );
}
