import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { SystemClock } from '#libs/clock';
import {
  attempt as a,
  create,
  decodeCommit,
  fromBinary,
  log as l,
  subjects,
  task as t,
  toBinary,
  worker as w,
} from '#libs/contracts';
import { JetStreamEventLog, provisionStreams } from '#libs/event-log';
import { createLogger } from '#libs/runtime';
import {
  eventually,
  removeFolder,
  startTestNats,
  type TestNats,
  temporaryFolder,
} from '#libs/testing';
import { scratchRoot } from './children/scratch.js';
import { Worker } from './worker.js';

const SHARD = 3;
const clock = new SystemClock();
let nats: TestNats;
let dataDir: string;
let nc: NatsConnection;
let workers: Worker[];
let server: Server;
let address: string;
let fence = 0;

beforeAll(async () => {
  nats = await startTestNats();
  const setUp = await connect({ servers: nats.url });
  await provisionStreams(setUp, { replicas: 1, shards: 8 });
  await setUp.close();
  server = createServer((request, response) => {
    response.writeHead(Number(request.url?.slice(1, 4))).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await nats.stop();
});

beforeEach(async () => {
  workers = [];
  dataDir = await temporaryFolder('work');
  nc = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
});

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(await readdir(scratchRoot(dataDir))).toEqual([]);
  await nc.close();
  await removeFolder(scratchRoot(dataDir));
  await removeFolder(dataDir);
});

async function startWorker(settings: { drainGraceMs?: number; systemSlots?: number } = {}) {
  const worker = new Worker({
    nc,
    eventLog: new JetStreamEventLog(nc),
    clock,
    log: createLogger('execution', { level: 'error' }),
    settings: {
      dataDir,
      systemSlots: 4,
      browserSlots: 0,
      workflowSlots: 0,
      shards: 1,
      drainGraceMs: 100,
      stopGraceMs: 1_000,
      sandbox: 'off',
      pools: undefined,
      workerLabels: new Map([['site', 'berlin']]),
      region: 'eu',
      streamReplicas: 1,
      ...settings,
    },
    browser: undefined,
  });
  workers.push(worker);
  await worker.start();
  return worker;
}

interface Wish {
  readonly systemTask?: string;
  readonly parameters?: object;
  readonly timeoutMs?: number;
  readonly term?: number;
  readonly sentAtMs?: number;
}

/** Gives attempts to a worker, as the owner of the shard would. */
function offer(worker: Worker, wish: Wish = {}, count = 1): a.Offer {
  const attempts = Array.from({ length: count }, () => {
    fence += 1;
    return create(a.OfferedAttemptSchema, {
      executionId: crypto.randomUUID(),
      attempt: 1,
      fence,
      account: 'default',
      taskId: 'task',
      type: t.TaskType.SYSTEM,
      target: create(t.TargetSchema, { systemTask: wish.systemTask ?? 'noop' }),
      parametersJson: JSON.stringify(wish.parameters ?? {}),
      timeoutMs: wish.timeoutMs ?? 20_000,
      nominalAtMs: Date.UTC(2026, 0, 1),
      pool: 'system',
    });
  });
  const { term = 1, sentAtMs = clock.now() } = wish;
  const made = create(a.OfferSchema, { shard: SHARD, attempts, term, sentAtMs });
  send(worker, made);
  return made;
}

const send = (worker: Worker, made: a.Offer) =>
  nc.publish(subjects.offer(worker.id), toBinary(a.OfferSchema, made));

const idOf = (made: a.Offer) => made.attempts[0]?.executionId ?? '';

async function facts(executionId: string) {
  const eventLog = new JetStreamEventLog(nc);
  const found = [];
  for await (const { bytes } of eventLog.read({ stream: 'ATTEMPTS', fromSeq: 1 }))
    for (const { event } of decodeCommit(bytes).events)
      if ('executionId' in event && event.executionId === executionId) found.push(event);
  return found;
}

/** The end of an attempt, once it is told; there must be one start and one end. */
async function ended(executionId: string, withinMs = 10_000): Promise<a.AttemptEnded> {
  const told = await eventually(
    async () => {
      const all = await facts(executionId);
      if (all.length < 2) throw new Error(`${all.length} facts`);
      return all;
    },
    { withinMs },
  );
  expect(told.map((one) => one.$typeName)).toEqual([
    'attempt.v1.AttemptStarted',
    'attempt.v1.AttemptEnded',
  ]);
  return told[1] as a.AttemptEnded;
}

async function logLines(executionId: string): Promise<l.LogLine[]> {
  const lines: l.LogLine[] = [];
  const subject = subjects.log(SHARD, executionId);
  for await (const { bytes } of new JetStreamEventLog(nc).read({
    stream: 'LOGS',
    subject,
    fromSeq: 1,
  }))
    for (const { event } of decodeCommit(bytes).events)
      if (event.$typeName === 'log.v1.LogChunk') {
        expect(event.firstLine).toBe(lines.length + 1);
        lines.push(...event.lines);
      }
  return lines;
}

describe('a worker', () => {
  test('runs the attempts that it is given, and tells their starts and ends', async () => {
    const worker = await startWorker();
    const made = offer(worker, {}, 3);
    for (const { executionId, fence: own } of made.attempts)
      expect(await ended(executionId)).toMatchObject({
        outcome: a.AttemptOutcome.SUCCEEDED,
        workerId: worker.id,
        fence: own,
        account: 'default',
        outputJson: '',
      });
  });

  test('keeps output and log of a request, and its failure by code', async () => {
    const worker = await startWorker();
    const good = offer(worker, {
      systemTask: 'http.request',
      parameters: { url: `${address}/200?who={{name}}`, name: 'ada', password: 'hunter2' },
    });
    // A parameter that no template uses is a slip of the pen.
    expect(await ended(idOf(good))).toMatchObject({
      outcome: a.AttemptOutcome.FAILED,
      error: { code: 'PARAMETERS_INVALID', final: true },
    });
    const bad = offer(worker, {
      systemTask: 'http.request',
      parameters: { url: `${address}/503?key={{password}}`, password: 'hunter2' },
    });
    const end = await ended(idOf(bad));
    expect(end).toMatchObject({
      outcome: a.AttemptOutcome.FAILED,
      error: { code: 'HTTP_STATUS_UNEXPECTED', final: false },
    });
    expect(JSON.parse(end.outputJson)).toMatchObject({ status: 503, body: '{}' });
    const lines = await logLines(idOf(bad));
    expect(lines.map((line) => line.message)).toEqual([
      expect.stringMatching(/^GET http/),
      expect.stringMatching(/^Answered 503/),
    ]);
    expect(JSON.stringify(lines) + end.error?.message).not.toContain('hunter2');
    expect(end.usage).toMatchObject({ logLines: 2 });
  });

  test('runs an attempt once, however often it is given', async () => {
    const worker = await startWorker();
    const made = offer(worker, { parameters: { durationMs: 100 } });
    send(worker, made);
    await ended(idOf(made));
    send(worker, made);
    await ended(idOf(offer(worker)));
    expect(await facts(idOf(made))).toHaveLength(2);
  });

  test('gives back at once what is beyond its slots, and what was under way for too long', async () => {
    const worker = await startWorker({ systemSlots: 2 });
    const all = offer(worker, { parameters: { durationMs: 300 } }, 3).attempts;
    const late = offer(worker, { sentAtMs: clock.now() - 60_000 });
    const refused = [all[2]?.executionId ?? '', idOf(late)];
    for (const id of refused)
      expect(await eventually(async () => one(await facts(id)))).toMatchObject({
        $typeName: 'attempt.v1.AttemptEnded',
        outcome: a.AttemptOutcome.HANDED_BACK,
      });
    for (const { executionId } of all.slice(0, 2)) await ended(executionId);
  });

  test('takes nothing of an owner that was followed by another', async () => {
    const worker = await startWorker();
    const newer = offer(worker, { term: 3 });
    const old = offer(worker, { term: 2 });
    await ended(idOf(newer));
    await ended(idOf(offer(worker, { term: 3 })));
    expect(await facts(idOf(old))).toEqual([]);
  });

  test('grants its slots to the shards that want them', async () => {
    await startWorker({ systemSlots: 8 });
    const want = (shard: number, wanted: number) => {
      const demand = { shard, term: 1, pools: [{ pool: 'system', wanted, slots: 8 }] };
      nc.publish(subjects.workerDemand, toBinary(w.DemandSchema, create(w.DemandSchema, demand)));
    };
    const granted = async () =>
      (await nextBeat()).grants
        .filter(({ pool }) => pool === 'system')
        .map(({ shard, slots }) => [shard, slots]);
    want(1, 0);
    await eventually(async () => expect(await granted()).toEqual([[1, 8]]));
    want(2, 6);
    await eventually(async () =>
      expect(await granted()).toEqual([
        [1, 1],
        [2, 7],
      ]),
    );
  });

  test('ends an attempt at its time-out', async () => {
    const worker = await startWorker();
    const made = offer(worker, { parameters: { durationMs: 60_000 }, timeoutMs: 200 });
    expect(await ended(idOf(made))).toMatchObject({
      outcome: a.AttemptOutcome.TIMED_OUT,
      error: { code: 'TIMED_OUT', final: false },
    });
  });

  test('ends a cancelled attempt when it is told to, and says nothing of a superseded one', async () => {
    const worker = await startWorker();
    const stop = (made: a.Offer, cause: w.StopCause) => {
      const [attempt] = made.attempts;
      if (attempt === undefined) throw new Error('has one');
      const signal = { executionId: attempt.executionId, fence: attempt.fence, cause };
      nc.publish(
        subjects.stopAttempt(worker.id),
        toBinary(w.StopAttemptSchema, create(w.StopAttemptSchema, signal)),
      );
    };
    const cancelled = offer(worker, { parameters: { durationMs: 60_000 } });
    const superseded = offer(worker, { parameters: { durationMs: 60_000 } });
    for (const made of [cancelled, superseded])
      await eventually(async () => (await facts(idOf(made))).length === 1);
    stop(cancelled, w.StopCause.CANCELLED);
    stop(superseded, w.StopCause.SUPERSEDED);
    expect(await ended(idOf(cancelled))).toMatchObject({ outcome: a.AttemptOutcome.CANCELLED });
    await eventually(async () => (await nextBeat()).running.length === 0);
    expect(await facts(idOf(superseded))).toHaveLength(1);
  });

  test('hands back what it can not finish when it is stopped, and takes nothing more', async () => {
    const worker = await startWorker({ drainGraceMs: 50 });
    const made = offer(worker, { parameters: { durationMs: 60_000 } });
    await eventually(async () => (await facts(idOf(made))).length === 1);
    await worker.stop();
    expect(await ended(idOf(made))).toMatchObject({
      outcome: a.AttemptOutcome.HANDED_BACK,
      error: { code: 'WORKER_DRAINED' },
    });
    workers = [];
    // Nobody is there any more: the owner of the shard is told so.
    const there = nc.request(subjects.offer(worker.id), new Uint8Array(), { timeout: 1_000 });
    await expect(there).rejects.toThrow(/no responders/i);
  });

  test('finishes what it can within the grace', async () => {
    const worker = await startWorker({ drainGraceMs: 5_000 });
    const made = offer(worker, { parameters: { durationMs: 400 } });
    await eventually(async () => (await facts(idOf(made))).length === 1);
    await worker.stop();
    workers = [];
    expect(await ended(idOf(made))).toMatchObject({ outcome: a.AttemptOutcome.SUCCEEDED });
  });

  test('tells each second that it lives, and what it runs', async () => {
    const worker = await startWorker();
    const made = offer(worker, { parameters: { durationMs: 60_000 } });
    await eventually(async () => (await facts(idOf(made))).length === 1);
    const beat = await nextBeat();
    expect(beat).toMatchObject({
      workerId: worker.id,
      draining: false,
      region: 'eu',
      labels: [
        { key: 'region', value: 'eu' },
        { key: 'site', value: 'berlin' },
      ],
      running: [{ executionId: idOf(made), shard: SHARD }],
    });
    expect(beat.pools).toMatchObject([
      { pool: 'system', slots: 4, free: 3 },
      { pool: 'browser', slots: 0, free: 0 },
      { pool: 'workflow', slots: 0, free: 0 },
    ]);
    expect(beat.memoryUtilization).toBeGreaterThan(0);
    expect((await nextBeat()).beat).toBe(beat.beat + 1);
  });

  test('tells ends and lines late when the broker was away meanwhile', async () => {
    const worker = await startWorker({ drainGraceMs: 20_000 });
    const made = offer(worker, {
      systemTask: 'http.request',
      parameters: { url: `${address}/503` },
    });
    const slow = offer(worker, { parameters: { durationMs: 800 } });
    await eventually(async () => (await facts(idOf(slow))).length === 1);
    await nats.kill9();
    await clock.sleep(1_500);
    await nats.restart();
    expect(await ended(idOf(slow), 20_000)).toMatchObject({ outcome: a.AttemptOutcome.SUCCEEDED });
    expect(await ended(idOf(made), 20_000)).toMatchObject({ outcome: a.AttemptOutcome.FAILED });
    expect(await ended(idOf(offer(worker)), 20_000)).toMatchObject({
      outcome: a.AttemptOutcome.SUCCEEDED,
    });
  });
});

function one<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined || items.length > 1) throw new Error(`${items.length} items`);
  return first;
}

async function nextBeat(): Promise<w.Heartbeat> {
  const subscription = nc.subscribe(subjects.heartbeat, { max: 1 });
  for await (const { data } of subscription) return fromBinary(w.HeartbeatSchema, data);
  throw new Error('the connection ended');
}
