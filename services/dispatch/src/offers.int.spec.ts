import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { ManualClock } from '#libs/clock';
import {
  attempt as a,
  create,
  dispatch as d,
  fromBinary,
  subjects,
  worker as w,
} from '#libs/contracts';
import { Definitions, DispatchState } from '#libs/domain';
import { MemoryEventLog } from '#libs/event-log';
import { eventually, startTestNats, type TestNats } from '#libs/testing';
import { Offers } from './offers.js';

const SHARD = 0;
const AGAIN_MS = 1_100;
let nats: TestNats;
let nc: NatsConnection;
let clock: ManualClock;
let log: MemoryEventLog;
let state: DispatchState;
let offers: Offers;
let missed: string[];
let heard: a.Offer[];
let fence: number;

beforeAll(async () => {
  nats = await startTestNats();
});
afterAll(() => nats.stop());

beforeEach(async () => {
  nc = await connect({ servers: nats.url });
  clock = new ManualClock();
  log = new MemoryEventLog(() => clock.now());
  state = new DispatchState(new Definitions());
  missed = [];
  heard = [];
  fence = 0;
  offers = new Offers({
    nc,
    log,
    clock,
    shard: SHARD,
    onMissed: (workerId) => missed.push(workerId),
    onStray: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  offers.begin(1);
  offers.becameCurrent();
});
afterEach(async () => {
  offers.end();
  await nc.close();
});

function listen(workerId: string): void {
  nc.subscribe(subjects.offer(workerId), {
    callback: (_, { data }) => {
      heard.push(fromBinary(a.OfferSchema, data));
    },
  });
}

/** Released, and let out as after a commit. */
function release(workerId: string, executionId: string): void {
  fence += 1;
  const of = { executionId, account: 'default', attempt: 1 };
  const spec = { taskId: 't1', pool: 'system' };
  state.evolve(create(d.ExecutionRequestedSchema, { ...of, spec }), 1);
  const event = create(d.AttemptReleasedSchema, { ...of, fence, workerId });
  state.evolve(event, 1);
  offers.afterCommit(state, [{ event, account: 'default', executionId }]);
}

const beat = (...running: number[]) =>
  create(w.HeartbeatSchema, {
    workerId: 'a',
    running: running.map((one) => ({ executionId: 'e', fence: one, shard: SHARD })),
  });

const times = (of: number) =>
  heard.flatMap(({ attempts }) => attempts).filter((one) => one.fence === of).length;

test('attempts go to their worker, with the term and the pool', async () => {
  listen('a');
  release('a', 'e1');
  await eventually(async () => expect(heard).toHaveLength(1));
  expect(heard[0]).toMatchObject({
    shard: SHARD,
    term: 1,
    attempts: [{ executionId: 'e1', fence: 1, pool: 'system' }],
  });
});

test('what a worker does not list is sent again, and given up when it never comes to list it', async () => {
  listen('a');
  release('a', 'e1');
  release('a', 'e2');
  offers.onHeartbeat(state, beat(2));
  for (let round = 0; round < 3; round++) {
    await clock.advance(AGAIN_MS);
    offers.onHeartbeat(state, beat(2));
  }
  await eventually(async () => expect(times(1)).toBe(3));
  expect(times(2)).toBe(1);
  await eventually(async () =>
    expect(offers.takeStray()).toMatchObject([{ executionId: 'e1', fence: 1 }]),
  );
});

test('it is not given up while facts are on their way that may tell of it', async () => {
  listen('a');
  release('a', 'e1');
  const subject = subjects.attempt(SHARD);
  await log.append({ stream: 'ATTEMPTS', subject, bytes: new Uint8Array(), msgId: 'facts' });
  const rounds = async () => {
    for (let round = 0; round < 4; round++) {
      await clock.advance(AGAIN_MS);
      offers.onHeartbeat(state, beat());
    }
  };
  await rounds();
  expect(offers.takeStray()).toEqual([]);
  state.attempts = { seq: 1, index: 0 };
  await rounds();
  expect(offers.takeStray().length).toBeGreaterThan(0);
});

test('what a worker began and no longer lists is given up, once all that it told is read', async () => {
  listen('a');
  release('a', 'e1');
  release('a', 'e2');
  for (const [executionId, one] of [
    ['e1', 1],
    ['e2', 2],
  ] as const)
    state.evolve(
      create(d.AttemptAcceptedSchema, { executionId, fence: one, workerId: 'a', attempt: 1 }),
      1,
    );
  for (let round = 0; round < 4; round++) {
    offers.onHeartbeat(state, beat(2));
    expect(offers.takeStray()).toEqual([]);
    await clock.advance(AGAIN_MS);
  }
  offers.onHeartbeat(state, beat(2));
  await eventually(async () =>
    expect(offers.takeStray()).toMatchObject([{ executionId: 'e1', fence: 1, begun: true }]),
  );
});

test('where nobody listens any more is known at once, and costs nothing', async () => {
  release('a', 'e1');
  await eventually(async () => expect(missed).toEqual(['a']));
  expect(offers.takeStray()).toMatchObject([{ executionId: 'e1', fence: 1 }]);
});

test('a new owner sends what is open, but not before it has read the facts that there are', async () => {
  release('a', 'e1');
  listen('a');
  offers.end();
  offers.begin(2);
  offers.onHeartbeat(state, beat());
  await nc.flush();
  expect(times(1)).toBe(0);
  offers.becameCurrent();
  offers.onHeartbeat(state, beat());
  await eventually(async () => expect(heard[0]?.term).toBe(2));
});
