import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
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
      drainGraceMs: 100,
      stopGraceMs: 1_000,
      sandbox: 'off',
      streamReplicas: 1,
      shards: 8,
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
}

/** Offers one attempt, as the dispatcher would, and gives it. */
async function offer(wish: Wish = {}, count = 1): Promise<a.Offer> {
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
    });
  });
  const made = create(a.OfferSchema, { id: `${SHARD}.${fence}`, shard: SHARD, attempts });
  await publish(made);
  return made;
}

const publish = (made: a.Offer) =>
  jetstream(nc).publish(subjects.work('system', 'normal'), toBinary(a.OfferSchema, made));

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
  test('claims an offer, runs its attempts, and tells their ends', async () => {
    const worker = await startWorker();
    const made = await offer({}, 3);
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
    await startWorker();
    const good = await offer({
      systemTask: 'http.request',
      parameters: { url: `${address}/200?who={{name}}`, name: 'ada', password: 'hunter2' },
    });
    // A parameter that no template uses is a slip of the pen.
    expect(await ended(idOf(good))).toMatchObject({
      outcome: a.AttemptOutcome.FAILED,
      error: { code: 'PARAMETERS_INVALID', final: true },
    });
    const bad = await offer({
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

  test('of two that are given the same offer exactly one runs it', async () => {
    await Promise.all([startWorker(), startWorker()]);
    const made = await offer();
    await ended(idOf(made));
    await publish(made);
    await publish(made);
    const next = await offer();
    await ended(idOf(next));
    await eventually(async () => (await offersLeft()) === 0);
    expect(await facts(idOf(made))).toHaveLength(2);
  });

  test('takes no more than it has slots for', async () => {
    const worker = await startWorker({ systemSlots: 2 });
    const all = await Promise.all(
      Array.from({ length: 6 }, () => offer({ parameters: { durationMs: 300 } })),
    );
    const spans = await Promise.all(
      all.map(async (made) => {
        const end = await ended(idOf(made));
        const [start] = await facts(idOf(made));
        expect(end.workerId).toBe(worker.id);
        return { from: (start as a.AttemptStarted).startedAtMs, to: end.endedAtMs };
      }),
    );
    for (const { from } of spans)
      expect(spans.filter((one) => one.from <= from && from < one.to).length).toBeLessThan(3);
  });

  test('ends an attempt at its time-out', async () => {
    await startWorker();
    const made = await offer({ parameters: { durationMs: 60_000 }, timeoutMs: 200 });
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
    const cancelled = await offer({ parameters: { durationMs: 60_000 } });
    const superseded = await offer({ parameters: { durationMs: 60_000 } });
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
    const made = await offer({ parameters: { durationMs: 60_000 } });
    await eventually(async () => (await facts(idOf(made))).length === 1);
    await worker.stop();
    expect(await ended(idOf(made))).toMatchObject({
      outcome: a.AttemptOutcome.HANDED_BACK,
      error: { code: 'WORKER_DRAINED' },
    });
    workers = [];
    await offer();
    expect(await offersLeft()).toBe(1);
    await startWorker();
    await eventually(async () => (await offersLeft()) === 0);
  });

  test('finishes what it can within the grace', async () => {
    const worker = await startWorker({ drainGraceMs: 5_000 });
    const made = await offer({ parameters: { durationMs: 400 } });
    await eventually(async () => (await facts(idOf(made))).length === 1);
    await worker.stop();
    workers = [];
    expect(await ended(idOf(made))).toMatchObject({ outcome: a.AttemptOutcome.SUCCEEDED });
  });

  test('tells each second that it lives, and what it runs', async () => {
    const worker = await startWorker();
    const made = await offer({ parameters: { durationMs: 60_000 } });
    await eventually(async () => (await facts(idOf(made))).length === 1);
    const beat = await nextBeat();
    expect(beat).toMatchObject({
      workerId: worker.id,
      draining: false,
      running: [{ executionId: idOf(made), shard: SHARD }],
    });
    expect(beat.pools).toMatchObject([
      { pool: 'system', slots: 4, free: 3 },
      { pool: 'browser', slots: 0, free: 0 },
    ]);
    expect(beat.memoryUtilization).toBeGreaterThan(0);
    expect((await nextBeat()).beat).toBe(beat.beat + 1);
  });

  test('tells ends and lines late when the broker was away meanwhile', async () => {
    await startWorker({ drainGraceMs: 20_000 });
    const made = await offer({
      systemTask: 'http.request',
      parameters: { url: `${address}/503` },
    });
    const slow = await offer({ parameters: { durationMs: 800 } });
    await eventually(async () => (await facts(idOf(slow))).length === 1);
    await nats.kill9();
    await clock.sleep(1_500);
    await nats.restart();
    expect(await ended(idOf(slow), 20_000)).toMatchObject({ outcome: a.AttemptOutcome.SUCCEEDED });
    expect(await ended(idOf(made), 20_000)).toMatchObject({ outcome: a.AttemptOutcome.FAILED });
    // And offers are taken again, although nobody told the pull that the broker was away.
    const next = await eventually(() => offer(), { withinMs: 10_000 });
    expect(await ended(idOf(next), 20_000)).toMatchObject({ outcome: a.AttemptOutcome.SUCCEEDED });
  });
});

async function offersLeft(): Promise<number> {
  const manager = await jetstream(nc).jetstreamManager();
  return (await manager.streams.info('WORK')).state.messages;
}

async function nextBeat(): Promise<w.Heartbeat> {
  const subscription = nc.subscribe(subjects.heartbeat, { max: 1 });
  for await (const { data } of subscription) return fromBinary(w.HeartbeatSchema, data);
  throw new Error('the connection ended');
}
