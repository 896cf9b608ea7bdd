import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { SystemClock } from '#libs/clock';
import {
  attempt as a,
  create,
  decodeCommit,
  fromBinary,
  subjects,
  task as t,
  toBinary,
  worker as w,
} from '#libs/contracts';
import { JetStreamEventLog, provisionStreams } from '#libs/event-log';
import {
  eventually,
  removeFolder,
  startTestNats,
  type TestNats,
  temporaryFolder,
} from '#libs/testing';
import { scratchRoot } from '../children/scratch.js';
import { type BuiltWorker, buildWorker, startBuiltWorker } from '../testing/built-worker.js';

/** All at once on one worker: what each does by itself is in `hostile-jobs.e2e.spec.ts`. */
const HOSTILE: Readonly<Record<string, readonly [script: string, code: string | undefined]>> = {
  bomb: ['bomb() { bomb | bomb & }; bomb; sleep 60', 'TOO_MANY_PROCESSES'],
  loop: ['while :; do :; done', 'CPU_TIME_EXCEEDED'],
  memory: ['x=$(tail -c 900M /dev/zero | tr "\\0" a); echo "$x"', 'OUT_OF_MEMORY'],
  disk: ['head -c 200M /dev/zero > big', 'DISK_FULL'],
  flood: ['yes flooding the log | head -c 300M', undefined],
};
const LIMITS = { cpuSeconds: 20, memoryMb: 256, diskMb: 16, processes: 64 };
/** A beat is due every second; a worker is given up after five without one. Measured: 1,050 ms. */
const GAP_MAX_MS = 2_000;
const SHARD = 1;
const clock = new SystemClock();

let nats: TestNats;
let nc: NatsConnection;
let eventLog: JetStreamEventLog;
let folder: string;
let dataDir: string;
let worker: BuiltWorker;
const beats: { readonly atMs: number; readonly beat: w.Heartbeat }[] = [];

beforeAll(async () => {
  nats = await startTestNats();
  nc = await connect({ servers: nats.url });
  await provisionStreams(nc, { replicas: 1, shards: 4 });
  eventLog = new JetStreamEventLog(nc);
  folder = await temporaryFolder('hostile');
  dataDir = join(folder, 'data');
  nc.subscribe(subjects.heartbeat, {
    callback: (_error, message) => {
      beats.push({
        atMs: clock.monotonic(),
        beat: fromBinary(w.HeartbeatSchema, message.data),
      });
    },
  });
  worker = await startBuiltWorker(await buildWorker(join(folder, 'built')), {
    NATS_URL: nats.url,
    CARILLON_DATA_DIR: dataDir,
    CARILLON_CHROMIUM: '',
  });
}, 90_000);

afterAll(async () => {
  await worker.end('SIGTERM');
  await nc.close();
  await nats.stop();
  await removeFolder(scratchRoot(dataDir));
  await removeFolder(folder);
});

function offer(script: string, fence: number, cpuSeconds: number): string {
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
        type: t.TaskType.SYSTEM,
        target: create(t.TargetSchema, { systemTask: 'shell.run' }),
        parametersJson: JSON.stringify({ script, shell: 'bash' }),
        timeoutMs: 60_000,
        nominalAtMs: Date.UTC(2026, 0, 1),
        pool: 'system',
        limits: create(t.LimitsSchema, { ...LIMITS, cpuSeconds }),
      },
    ],
  });
  nc.publish(subjects.offer(worker.workerId), toBinary(a.OfferSchema, made));
  return executionId;
}

async function ends(): Promise<ReadonlyMap<string, a.AttemptEnded>> {
  const found = new Map<string, a.AttemptEnded>();
  for await (const { bytes } of eventLog.read({ stream: 'ATTEMPTS', fromSeq: 1 }))
    for (const { event } of decodeCommit(bytes).events)
      if (event.$typeName === 'attempt.v1.AttemptEnded') found.set(event.executionId, event);
  return found;
}

test('hostile programs all at once delay no heartbeat of their worker', async () => {
  await eventually(() => beats.length > 0, { withinMs: 5_000 });
  const { isolation } = beats.at(-1)?.beat ?? {};
  expect(['limits', 'sandbox']).toContain(isolation);
  // Without a box they would do it to the whole machine.
  if (isolation !== 'sandbox') return;
  const from = beats.length - 1;
  let fence = 0;
  const offered = Object.entries(HOSTILE).map(([name, [script, code]]) => {
    fence += 1;
    return { name, code, executionId: offer(script, fence, name === 'loop' ? 1 : 20) };
  });
  const all = await eventually(
    async () => {
      const found = await ends();
      if (found.size < offered.length) throw new Error(`${found.size} have ended`);
      return found;
    },
    { withinMs: 45_000 },
  );
  const codes = offered.map(({ name, executionId }) => [name, all.get(executionId)?.error?.code]);
  expect(codes).toEqual(offered.map(({ name, code }) => [name, code]));
  const seen = beats.slice(from).map(({ atMs }) => atMs);
  const gaps = seen.slice(1).map((at, n) => at - (seen[n] ?? at));
  expect(Math.max(...gaps)).toBeLessThan(GAP_MAX_MS);
}, 60_000);
