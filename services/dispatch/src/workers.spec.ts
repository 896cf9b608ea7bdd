import { beforeEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '#libs/clock';
import { create, dispatch as d, toBinary, worker as w } from '#libs/contracts';
import { Definitions, DispatchState } from '#libs/domain';
import { fleetInputs, type KnownFleet, noteWritten } from './fleet-inputs.js';
import { Workers } from './workers.js';

const SHARD = 1;
let clock: ManualClock;
let workers: Workers;
let state: DispatchState;
let known: KnownFleet;
let beat: number;

beforeEach(() => {
  clock = new ManualClock(Date.UTC(2026, 10, 23));
  workers = new Workers(clock);
  state = new DispatchState(new Definitions());
  known = { written: new Map(), told: new Map() };
  beat = 0;
});

function hear(workerId: string, slots: number, more: { draining?: boolean; beat?: number } = {}) {
  beat += 1;
  const heartbeat = create(w.HeartbeatSchema, {
    workerId,
    beat,
    grants: [
      { shard: SHARD, pool: 'system', slots },
      { shard: SHARD + 1, pool: 'system', slots: 99 },
    ],
    labels: [{ key: 'site', value: 'berlin' }],
    ...more,
  });
  workers.heardSelf();
  return workers.hear(toBinary(w.HeartbeatSchema, heartbeat));
}

/** Looks, and writes down what there is to write. */
function look() {
  const owned = { shard: SHARD, ownedSinceMs: 0 };
  const { workers: changed, silences } = fleetInputs(workers, owned, state, known);
  for (const map of [known.written, known.told]) noteWritten(map, changed);
  for (const worker of changed) state.fleet.know(worker);
  return [
    ...changed.map(({ workerId, pools, labels, draining, gone }) =>
      [
        workerId,
        ...pools.map(({ slots }) => slots),
        labels.length > 0 && 'labels',
        draining && 'draining',
        gone && 'gone',
      ]
        .filter((word) => word !== false)
        .join(' '),
    ),
    ...silences.map(({ workerId }) => `${workerId} silent`),
  ];
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await clock.advance(500);
    workers.heardSelf();
  }
}

describe('of a worker is written down', () => {
  test('what it has granted to this shard, once, and its labels with the first', () => {
    hear('a', 4);
    expect(look()).toEqual(['a 4 labels']);
    hear('a', 4);
    expect(look()).toEqual([]);
    hear('a', 6);
    expect(look()).toEqual(['a 6']);
  });

  test('that it drains, that it is in doubt, and that it is gone', async () => {
    hear('a', 4);
    hear('b', 4);
    look();
    hear('a', 4, { draining: true });
    expect(look()).toEqual(['a 4 draining']);
    await pass(2_500);
    expect(look()).toEqual(['b 4 draining']);
    await pass(2_000);
    expect(look()).toEqual(['a gone', 'b gone']);
    expect(look()).toEqual([]);
  });

  test('that nobody is where it was, until it is heard again', () => {
    hear('a', 4);
    look();
    workers.missed('a');
    expect(look()).toEqual(['a 4 draining']);
    hear('a', 4);
    expect(look()).toEqual(['a 4']);
  });

  test('its silence, when it has something to lose', async () => {
    hear('a', 4);
    look();
    state.fleet.take('a', 'e1', 'system');
    await pass(4_500);
    expect(look()).toEqual(['a gone', 'a silent']);
  });
});

test('an old heartbeat that comes late says nothing', () => {
  hear('a', 4);
  expect(hear('a', 9, { beat: 1 })).toBeUndefined();
  expect(look()).toEqual(['a 4 labels']);
});

test('who does not hear itself takes nobody for silent, and begins to count when it hears again', async () => {
  hear('a', 4);
  look();
  state.fleet.take('a', 'e1', 'system');
  await clock.advance(60_000);
  expect(look()).toEqual(['a 4 draining']);
  await pass(3_500);
  expect(look()).toEqual([]);
  await pass(1_500);
  expect(look()).toContain('a silent');
});

test('a new owner counts silence from when it took over', async () => {
  const owned = { shard: SHARD, ownedSinceMs: clock.monotonic() + 10_000 };
  noteWritten(known.written, [create(d.WorkerCapacitySchema, { workerId: 'a' })]);
  await pass(12_000);
  expect(fleetInputs(workers, owned, state, known).workers).toEqual([]);
});
