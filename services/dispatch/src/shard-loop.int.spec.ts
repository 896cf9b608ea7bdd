import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import { SystemClock } from '#libs/clock';
import {
  create,
  dispatch as d,
  encodeCommit,
  envelope,
  subjects,
  task as t,
  toBinary,
  worker as w,
} from '#libs/contracts';
import { type AppendRequest, MemoryEventLog } from '#libs/event-log';
import { eventually, startTestNats, type TestNats } from '#libs/testing';
import { AutoPause } from './auto-pause.js';
import { Demand } from './demand.js';
import { dispatchMetrics } from './dispatch-metrics.js';
import { Offers } from './offers.js';
import { ShardLoop } from './shard-loop.js';
import { StopSignals } from './stop-signals.js';
import { Workers } from './workers.js';

const SHARD = 0;
const clock = new SystemClock();

/** A log that takes its time over the journal, as one whose leader is being elected. */
class SlowLog extends MemoryEventLog {
  readonly stored = Promise.withResolvers<void>();
  readonly asked = Promise.withResolvers<void>();

  override async append(request: AppendRequest) {
    if (request.stream === 'DISPATCH') {
      this.asked.resolve();
      await this.stored.promise;
    }
    return super.append(request);
  }
}

let nats: TestNats;
let nc: NatsConnection;

beforeAll(async () => {
  nats = await startTestNats();
  nc = await connect({ servers: nats.url });
});
afterAll(async () => {
  await nc.close();
  await nats.stop();
});

function aLoop(log: SlowLog, workers: Workers): ShardLoop {
  const logger = pino({ level: 'silent' });
  const onError = (error: unknown) => {
    throw error;
  };
  const offers = new Offers({
    ...{ nc, log, clock, shard: SHARD, onError },
    onMissed: (workerId) => workers.missed(workerId),
    onStray: () => loop.nudge(),
  });
  const demand = new Demand({ nc, clock, shard: SHARD, workers });
  const signals = new StopSignals(nc, SHARD);
  const autoPause = new AutoPause(nc, onError);
  const parts = {
    workers,
    offers,
    demand,
    signals,
    autoPause,
    metrics: dispatchMetrics(() => clock.now()),
  };
  const loop: ShardLoop = new ShardLoop({ shard: SHARD, log, clock, logger, ...parts });
  return loop;
}

function aTask() {
  const subject = subjects.definition('default', 'task', 't1');
  const event = create(t.TaskCreatedSchema, {
    taskId: 't1',
    name: 'Sync',
    type: t.TaskType.SYSTEM,
    target: { systemTask: 'noop' },
    parametersJson: '{}',
    settings: { timeoutMs: 60_000 },
    enabled: true,
  });
  const bytes = encodeCommit({
    id: 'c1',
    aggregate: subject,
    account: 'default',
    actor: create(envelope.ActorSchema, { id: 'local-admin' }),
    occurredAtMs: clock.now(),
    correlationId: 'c1',
    events: [{ event, account: 'default', correlationId: 'c1' }],
  });
  return { stream: 'DEFINITIONS', seq: 1, subject, bytes, msgId: 'c1', storedAtMs: 0 } as const;
}

test('no worker hears of a decision before it is stored, however often it is heard itself', async () => {
  const log = new SlowLog(() => clock.now());
  const workers = new Workers(clock);
  const loop = aLoop(log, workers);
  await loop.start();
  loop.tellDefinition(aTask());
  loop.toldUpTo(1);
  let offered = 0;
  nc.subscribe(subjects.offer('w1'), { callback: () => void (offered += 1) });
  const term = new AbortController();
  const led = loop.lead({ number: 1, signal: term.signal });
  await eventually(async () => expect(loop.isLeading).toBe(true));

  let beats = 0;
  const beat = () => {
    const grants = [{ shard: SHARD, pool: 'system', slots: 4 }];
    const heartbeat = create(w.HeartbeatSchema, { workerId: 'w1', beat: ++beats, grants });
    workers.hear(toBinary(w.HeartbeatSchema, heartbeat));
    loop.onHeartbeat(heartbeat);
  };
  beat();
  const value = create(d.RunTaskSchema, { taskId: 't1' });
  const command = create(d.CommandSchema, {
    id: 'run-1',
    account: 'default',
    body: { case: 'runTask', value },
  });
  let answers = 0;
  const answer = () => void (answers += 1);
  loop.onCommand({ command, answer, abandon: answer });
  await log.asked.promise;
  for (let round = 0; round < 5; round++) beat();
  await nc.flush();
  expect({ offered, answers }).toEqual({ offered: 0, answers: 0 });

  log.stored.resolve();
  await eventually(async () => expect({ offered, answers }).toEqual({ offered: 1, answers: 1 }));
  term.abort();
  await led;
});
