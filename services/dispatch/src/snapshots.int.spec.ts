import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type ObjectStore, Objm } from '@nats-io/obj';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import { clockAhead, SystemClock } from '#libs/clock';
import { create, dispatch as d, task as t } from '#libs/contracts';
import { decideDispatch, FOLD_VERSION } from '#libs/domain';
import { JetStreamEventLog, provisionStreams } from '#libs/event-log';
import { startTestNats, type TestNats } from '#libs/testing';
import { dispatchMetrics } from './dispatch-metrics.js';
import { ShardJournal } from './shard-journal.js';
import { ShardSnapshots } from './shard-snapshots.js';
import { SnapshotStore } from './snapshot-store.js';

const SHARD = 0;
const EVERY_COMMITS = 10;
const clock = new SystemClock();

let nats: TestNats;
let nc: NatsConnection;
let log: JetStreamEventLog;
let said: { msg: string; position?: number; level: number }[];
let count = 0;

beforeAll(async () => {
  nats = await startTestNats();
});
afterAll(() => nats.stop());
beforeEach(async () => {
  nc = await connect({ servers: nats.url });
  log = new JetStreamEventLog(nc);
  await provisionStreams(nc, { replicas: 1, shards: 1 });
  said = [];
  count = 0;
});
afterEach(async () => {
  const jsm = await jetstreamManager(nc);
  for await (const { config } of jsm.streams.list()) await jsm.streams.delete(config.name);
  await nc.close();
});

/** As a process does that begins, and owns the shard at once. */
async function begin({ withSnapshots = true } = {}) {
  const logger = pino({ level: 'info' }, { write: (line: string) => said.push(JSON.parse(line)) });
  const metrics = dispatchMetrics(() => clock.now());
  const of = { shard: SHARD, log, clock, logger, metrics };
  const limits = { commits: EVERY_COMMITS, bytes: 1024 ** 2 };
  const store = new SnapshotStore(nc, clock, 1);
  const snapshots = new ShardSnapshots({ ...of, store, limits });
  const journal = new ShardJournal({ ...of, ...(withSnapshots ? { snapshots } : {}) });
  define(journal);
  await journal.catchUp();
  return { journal, snapshots };
}

function define(journal: ShardJournal): void {
  const event = create(t.TaskCreatedSchema, {
    taskId: 't1',
    name: 'Sync',
    type: t.TaskType.SYSTEM,
    target: { systemTask: 'noop' },
    parametersJson: '{}',
    settings: { timeoutMs: 60_000 },
    enabled: true,
  });
  journal.state.definitions.define('default', 't1', event, 1, 1);
}

/** So many commits, each of a run that somebody asks for. */
async function ask(journal: ShardJournal, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    count += 1;
    const value = create(d.RunTaskSchema, { taskId: 't1', parametersJson: `{"n":${count}}` });
    const body = { case: 'runTask', value } as const;
    const commands = [create(d.CommandSchema, { id: `c${count}`, account: 'default', body })];
    const nowMs = clock.now();
    const pools = [{ pool: 'system', slots: count % 3 }];
    const workers = [create(d.WorkerCapacitySchema, { workerId: 'w1', pools })];
    const inputs = create(d.DispatchInputsSchema, {
      decidedAtMs: nowMs,
      definitionsSeq: 1,
      ticks: {},
      attempts: {},
      commands,
      workers,
    });
    journal.tell(inputs);
    const { events } = decideDispatch(journal.state, {
      ...{ nowMs, commands },
      ...{ silences: [], facts: [], slots: [] },
    });
    expect(await journal.append(events, inputs, 1)).toBe(true);
  }
}

/** What there is to see of a state; that nothing is missing is a property of the snapshot itself. */
const seenOf = ({ state, head, definitionsSeq, fleet }: ShardJournal) => ({
  ...{ head, definitionsSeq, fleet, fence: state.fence, workers: state.fleet.all() },
  executions: [...state.executions.values()],
  waiting: state.line.waitingIn('system'),
  commands: [...state.commands.ids()],
});

const bucket = (): Promise<ObjectStore> => new Objm(nc).open('snapshots');

async function positions(): Promise<number[]> {
  const all = await (await bucket()).list();
  return all.map(({ metadata }) => Number(metadata?.['position'])).sort((a, b) => b - a);
}

/** Two snapshots, and commits beyond them. */
async function history(): Promise<void> {
  const { journal, snapshots } = await begin();
  for (let part = 0; part < 2; part++) {
    await ask(journal, EVERY_COMMITS);
    await snapshots.settled();
  }
  await ask(journal, 3);
}

/** Begins, and holds what it has against the fold of the whole journal. */
async function beginAndCompare(): Promise<number | undefined> {
  said = [];
  const { journal } = await begin();
  const { journal: whole } = await begin({ withSnapshots: false });
  expect(seenOf(journal)).toEqual(seenOf(whole));
  // It can go on: the next commit is taken.
  await ask(journal, 1);
  return said.find(({ msg }) => msg === 'going on from a snapshot')?.position;
}

const warnings = () => said.filter(({ level }) => level >= 40).map(({ msg }) => msg);

test('a start from a snapshot is a start from scratch', async () => {
  await history();
  expect(await positions()).toEqual([20, 10]);
  expect(await beginAndCompare()).toBe(20);
  expect(warnings()).toEqual([]);
});

test('two are kept: the older gives its place to the next', async () => {
  const { journal, snapshots } = await begin();
  for (let part = 0; part < 5; part++) {
    await ask(journal, EVERY_COMMITS);
    await snapshots.settled();
  }
  expect(await positions()).toEqual([50, 40]);
});

test('without any, and without a word, the journal is folded', async () => {
  const { journal } = await begin();
  await ask(journal, 3);
  expect(await beginAndCompare()).toBeUndefined();
  expect(warnings()).toEqual([]);
});

/** Changes the newest one, and puts it back as if it was meant to be so. */
async function tamper(change: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  const store = await bucket();
  const [newest] = (await store.list()).filter(({ metadata }) => metadata?.['position'] === '20');
  if (newest === undefined) throw new Error('there is none');
  const { name, metadata = {} } = newest;
  const bytes = zstdDecompressSync((await store.getBlob(name)) ?? new Uint8Array());
  await store.putBlob({ name, metadata }, zstdCompressSync(change(new Uint8Array(bytes))));
}

/** With the hash that the bytes then have. */
function rehashed(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(0, -32);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

const PASSED_OVER = 'a snapshot is not fit, and is passed over';

test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
  ['whose bytes do not fit its hash', (bytes) => bytes.with(300, 7)],
  ['that is cut off', (bytes) => bytes.subarray(0, 500)],
  ['of another fold', (bytes) => rehashed(bytes.with(5, FOLD_VERSION + 1))],
  ['whose last commit is not the one in the log', (bytes) => rehashed(withOtherHash(bytes))],
])('a snapshot %s is passed over for the one before', async (_, change) => {
  await history();
  await tamper(change);
  expect(await beginAndCompare()).toBe(10);
  expect(warnings()).toEqual([PASSED_OVER]);
});

/** The hash of the commit is the first run of 32 bytes in it. */
function withOtherHash(bytes: Uint8Array): Uint8Array {
  const at = Buffer.from(bytes).indexOf(Buffer.from([0x8f, 32, 0, 0, 0]));
  return bytes.with(at + 5, (bytes[at + 5] ?? 0) ^ 1);
}

test('snapshots of a journal that was lost are passed over', async () => {
  await history();
  await (await jetstreamManager(nc)).streams.delete('DISPATCH');
  await provisionStreams(nc, { replicas: 1, shards: 1 });
  expect(await beginAndCompare()).toBeUndefined();
  expect(warnings()).toEqual([PASSED_OVER, PASSED_OVER]);
});

test('what somebody left behind who died while writing is removed after an hour', async () => {
  await history();
  const { streams } = await jetstreamManager(nc);
  const pieces = async () => {
    const { state } = await streams.info('OBJ_snapshots', { subjects_filter: '$O.snapshots.C.>' });
    return Object.keys(state.subjects ?? {});
  };
  const whole = await pieces();
  await jetstream(nc).publish('$O.snapshots.C.half', new Uint8Array(9));
  const keep = (at: SystemClock, position: number) =>
    new SnapshotStore(nc, at, 1).keep(
      { shard: SHARD, position, sha256: '', takenAtMs: 0 },
      new Uint8Array(9),
    );
  await keep(clock, 30);
  expect(await pieces()).toHaveLength(whole.length + 1);
  await keep(clockAhead(2 * 3_600_000), 40);
  expect(await pieces()).toHaveLength(whole.length);
  expect(await positions()).toEqual([40, 30]);
});

test('pieces in the store are missing: the start does not wait for them', async () => {
  await history();
  const { streams } = await jetstreamManager(nc);
  const [newest] = (await (await bucket()).list()).filter(
    ({ metadata }) => metadata?.['position'] === '20',
  );
  await streams.purge('OBJ_snapshots', { filter: `$O.snapshots.C.${newest?.nuid}` });
  expect(await beginAndCompare()).toBe(10);
  expect(warnings()).toEqual([PASSED_OVER]);
}, 30_000);
