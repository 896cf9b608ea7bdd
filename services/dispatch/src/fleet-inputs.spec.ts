import { beforeEach, expect, test } from '@jest/globals';
import { ManualClock } from '#libs/clock';
import { create, toBinary, worker as w } from '#libs/contracts';
import { Definitions, DispatchState } from '#libs/domain';
import { fleetInputs, type KnownFleet, noteWritten } from './fleet-inputs.js';
import { Workers } from './workers.js';

const OWNED = { shard: 0, ownedSinceMs: 0 };
const state = new DispatchState(new Definitions());
let clock: ManualClock;
let workers: Workers;
let known: KnownFleet;
let beats: number;

beforeEach(() => {
  clock = new ManualClock();
  workers = new Workers(clock);
  known = { written: new Map(), told: new Map() };
  beats = 0;
});

function grants(slots: number): void {
  const heartbeat = create(w.HeartbeatSchema, {
    workerId: 'w1',
    beat: ++beats,
    labels: [{ key: 'site', value: 'a' }],
    grants: [{ shard: 0, pool: 'system', slots }],
  });
  workers.hear(toBinary(w.HeartbeatSchema, heartbeat));
}

/** A decision, of which a commit comes or not. */
function decide({ isStored }: { isStored: boolean }) {
  const { workers: said } = fleetInputs(workers, OWNED, state, known);
  noteWritten(known.told, said);
  if (isStored) noteWritten(known.written, said);
  return said.map(({ gone, pools, labels }) => (gone ? 'gone' : [pools[0]?.slots, labels.length]));
}

test('says a worker once it is another than was written down', () => {
  grants(4);
  expect(decide({ isStored: true })).toEqual([[4, 1]]);
  expect(decide({ isStored: true })).toEqual([]);
  grants(6);
  expect(decide({ isStored: true })).toEqual([[6, 0]]);
});

test('takes back what the state was told, when no commit took it up and it no longer holds', () => {
  grants(4);
  decide({ isStored: true });
  grants(10);
  expect(decide({ isStored: false })).toEqual([[10, 0]]);
  grants(4);
  expect(decide({ isStored: false })).toEqual([[4, 0]]);
  expect(decide({ isStored: false })).toEqual([]);
});

test('goes on saying what is new until a commit has taken it up, labels included', () => {
  grants(4);
  expect(decide({ isStored: false })).toEqual([[4, 1]]);
  expect(decide({ isStored: false })).toEqual([[4, 1]]);
  expect(decide({ isStored: true })).toEqual([[4, 1]]);
  expect(decide({ isStored: true })).toEqual([]);
});

test('says a worker whole again whom the state was told to be gone, though the journal has it', async () => {
  grants(4);
  decide({ isStored: true });
  for (let second = 0; second < 5; second++) {
    await clock.advance(1_000);
    workers.heardSelf();
  }
  expect(decide({ isStored: false })).toEqual(['gone']);
  grants(4);
  expect(decide({ isStored: false })).toEqual([[4, 1]]);
  expect(decide({ isStored: false })).toEqual([]);
});

test('gives nothing to a worker of the journal that an offer did not find, until it is heard', () => {
  grants(4);
  decide({ isStored: true });
  workers = new Workers(clock);
  expect(decide({ isStored: true })).toEqual([]);
  workers.missed('w1');
  expect(decide({ isStored: true })).toEqual([[undefined, 0]]);
  expect(decide({ isStored: true })).toEqual([]);
  grants(4);
  expect(decide({ isStored: true })).toEqual([[4, 0]]);
});
