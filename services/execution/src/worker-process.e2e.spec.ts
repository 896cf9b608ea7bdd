import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Objm } from '@nats-io/obj';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { SystemClock } from '#libs/clock';
import {
  attempt as a,
  automation,
  create,
  decodeCommit,
  encodeCommit,
  envelope,
  subjects,
  task as t,
  toBinary,
} from '#libs/contracts';
import { JetStreamEventLog, provisionStreams } from '#libs/event-log';
import {
  eventually,
  removeFolder,
  startTestNats,
  type TestNats,
  temporaryFolder,
  testChromium,
} from '#libs/testing';
import { carries, processTable } from './children/process-table.js';
import { scratchRoot, sweepDeadWorkers } from './children/scratch.js';
import { type BuiltWorker, buildWorker, startBuiltWorker } from './testing/built-worker.js';

const SHARD = 1;
const clock = new SystemClock();
let nats: TestNats;
let nc: NatsConnection;
let eventLog: JetStreamEventLog;
let folder: string;
let dataDir: string;
let main: string;
let server: Server;
let address: string;
let automationSeq: number;
let worker: BuiltWorker | undefined;
let fence = 0;

const flow = {
  title: 'Greet',
  steps: [
    { type: 'navigate', url: '{{site}}/' },
    { type: 'change', selectors: ['#name'], value: '{{name}}' },
    {
      type: 'customStep',
      name: 'extract',
      parameters: { name: 'greeting', selector: '#name' },
    },
    { type: 'waitForExpression', expression: 'window.ready', timeout: 60_000 },
  ],
};

beforeAll(async () => {
  nats = await startTestNats();
  nc = await connect({ servers: nats.url });
  await provisionStreams(nc, { replicas: 1, shards: 4 });
  eventLog = new JetStreamEventLog(nc);
  folder = await temporaryFolder('worker');
  dataDir = join(folder, 'data');
  main = await buildWorker(join(folder, 'built'));
  server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<input id="name"><script>ready = ${request.url === '/'}</script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  automationSeq = await saveFlow();
}, 60_000);

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await nc.close();
  await nats.stop();
  await removeFolder(scratchRoot(dataDir));
  await removeFolder(folder);
});

afterEach(async () => {
  await worker?.end('SIGKILL');
  worker = undefined;
  await sweepDeadWorkers(dataDir, clock);
});

async function saveFlow(): Promise<number> {
  const subject = subjects.definition('default', 'automation', 'greet');
  const saved = create(automation.AutomationSavedSchema, {
    automationId: 'greet',
    version: 1,
    name: 'Greet',
    flowJson: JSON.stringify(flow),
  });
  const bytes = encodeCommit({
    id: 'saved',
    aggregate: subject,
    account: 'default',
    actor: create(envelope.ActorSchema, { kind: envelope.ActorKind.USER, id: 'local-admin' }),
    occurredAtMs: clock.now(),
    correlationId: 'saved',
    events: [{ event: saved }],
  });
  const result = await eventLog.append({
    stream: 'DEFINITIONS',
    subject,
    bytes,
    msgId: 'saved',
  });
  return result.kind === 'appended' ? result.seq : 0;
}

async function start(settings: Readonly<Record<string, string>> = {}): Promise<BuiltWorker> {
  worker = await startBuiltWorker(main, {
    NATS_URL: nats.url,
    CARILLON_DATA_DIR: dataDir,
    CARILLON_CHROMIUM: testChromium ?? '',
    ...settings,
  });
  return worker;
}

/** Offers a run of the flow; one at `/hang` never ends by itself. */
async function offer(parameters: object, memoryMb = 0): Promise<string> {
  fence += 1;
  const executionId = crypto.randomUUID();
  const made = create(a.OfferSchema, {
    shard: SHARD,
    sentAtMs: clock.now(),
    attempts: [
      {
        executionId,
        attempt: 1,
        fence,
        account: 'default',
        taskId: 'task',
        type: t.TaskType.BROWSER_AUTOMATION,
        target: create(t.TargetSchema, { automationId: 'greet' }),
        parametersJson: JSON.stringify(parameters),
        timeoutMs: 60_000,
        automationSeq,
        nominalAtMs: Date.UTC(2026, 0, 1),
        pool: 'browser',
        limits: create(t.LimitsSchema, { memoryMb }),
      },
    ],
  });
  nc.publish(subjects.offer(worker?.workerId ?? ''), toBinary(a.OfferSchema, made));
  return executionId;
}

async function eventsOf(stream: 'ATTEMPTS' | 'LOGS', executionId: string) {
  const found = [];
  for await (const { bytes } of eventLog.read({ stream, fromSeq: 1 }))
    for (const { event } of decodeCommit(bytes).events)
      if ('executionId' in event && event.executionId === executionId) found.push(event);
  return found;
}

async function endOf(executionId: string): Promise<a.AttemptEnded> {
  return eventually(
    async () => {
      const end = (await eventsOf('ATTEMPTS', executionId))[1];
      if (end?.$typeName !== 'attempt.v1.AttemptEnded') throw new Error('not ended');
      return end;
    },
    { withinMs: 20_000 },
  );
}

/** Waits until the browser plays the last step, which never ends at `/hang`. */
async function hanging(executionId: string): Promise<void> {
  await eventually(
    async () => {
      const lines = (await eventsOf('LOGS', executionId)).flatMap((event) =>
        event.$typeName === 'log.v1.LogChunk' ? event.lines : [],
      );
      return lines.some(({ message }) => message.startsWith('Step 4'));
    },
    { withinMs: 20_000 },
  );
}

const ofWorkers = () => processTable().filter(({ pid }) => carries(pid, scratchRoot(dataDir)));

const withBrowser = testChromium === undefined ? describe.skip : describe;

withBrowser('a worker as a process of its own', () => {
  test('plays a saved flow with its parameters, and keeps output, log and picture', async () => {
    await start();
    const executionId = await offer({ site: address, name: 'Ada' });
    const end = await endOf(executionId);
    expect(end.error).toBe(undefined);
    expect(end).toMatchObject({
      outcome: a.AttemptOutcome.SUCCEEDED,
      outputJson: '{"greeting":"Ada"}',
      artifacts: [
        {
          name: 'end.png',
          mediaType: 'image/png',
          objectKey: `default/${executionId}/1-${fence}/end.png`,
        },
      ],
    });
    expect(end.usage?.peakMemoryBytes).toBeGreaterThan(50e6);
    expect(end.usage?.peakMemoryBytes).toBeLessThan(900e6);
    const bucket = await new Objm(nc).open('artifacts');
    const picture = await bucket.getBlob(end.artifacts[0]?.objectKey ?? '');
    expect(picture?.length).toBe(end.artifacts[0]?.sizeBytes);
    await eventually(async () => (await eventsOf('LOGS', executionId)).length > 0);
    const ended = await worker?.end('SIGTERM');
    expect(ended).toEqual({ code: 0, signal: null });
    expect(ofWorkers()).toEqual([]);
    expect(await readdir(scratchRoot(dataDir))).toEqual([]);
  });

  test('killed with -9 in the middle of a flow, leaves no browser behind', async () => {
    const { end } = await start();
    await hanging(await offer({ site: `${address}/hang?`, name: 'Ada' }));
    expect(ofWorkers().length).toBeGreaterThan(4);
    expect(await end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    await eventually(() => ofWorkers().length === 0, { withinMs: 4_000 });
  });

  test('ends at its start what a dead one left, even what could not end by itself', async () => {
    const first = await start();
    await hanging(await offer({ site: `${address}/hang?`, name: 'Ada' }));
    // Stopped processes don't notice that their worker is gone.
    const left = ofWorkers();
    for (const { pid } of left) process.kill(pid, 'SIGSTOP');
    await first.end('SIGKILL');
    expect(ofWorkers().length).toBeGreaterThan(4);
    const second = await start();
    const alive = new Set(processTable().map(({ pid }) => pid));
    expect(left.filter(({ pid }) => alive.has(pid))).toEqual([]);
    expect(await readdir(scratchRoot(dataDir))).toHaveLength(1);
    expect(second.log.some((line) => line.includes('left behind'))).toBe(true);
  });

  test('told to end, hands back what it can not finish, and leaves with 0', async () => {
    const { end } = await start({ CARILLON_DRAIN_GRACE_MS: '200' });
    const executionId = await offer({ site: `${address}/hang?`, name: 'Ada' });
    await hanging(executionId);
    expect(await end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await endOf(executionId)).toMatchObject({
      outcome: a.AttemptOutcome.HANDED_BACK,
      artifacts: [{ name: 'stopped.png' }],
    });
    expect(ofWorkers()).toEqual([]);
  });

  test('ends a browser that needs more memory than its task may have, and nothing else', async () => {
    await start();
    const { error, usage } = await endOf(await offer({ site: address, name: 'Ada' }, 128));
    expect(error?.code).toBe('OUT_OF_MEMORY');
    expect(usage?.isolation).toBe('limits');
    expect((await endOf(await offer({ site: address, name: 'Ada' }))).error).toBe(undefined);
  });

  test('refuses a flow whose parameter is missing, without a browser', async () => {
    await start();
    expect(await endOf(await offer({ site: address }))).toMatchObject({
      outcome: a.AttemptOutcome.FAILED,
      error: {
        code: 'PARAMETERS_INVALID',
        final: true,
        message: expect.stringContaining('steps[1].value: There is no "parameters.name".'),
      },
    });
  });
});
