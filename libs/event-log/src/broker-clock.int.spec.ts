import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { ManualClock, SystemClock } from '#libs/clock';
import { startTestNats, type TestNats } from '#libs/testing';
import { clockWitnessedByBroker } from './broker-clock.js';
import { provisionStreams } from './streams.js';

const HOUR_MS = 3_600_000;
/** Between the broker's reading of its clock and ours of another. */
const NEAR_MS = 500;

let nats: TestNats;
let nc: NatsConnection;

beforeAll(async () => {
  nats = await startTestNats();
  nc = await connect({ servers: nats.url });
  await provisionStreams(nc, { replicas: 1, shards: 1 });
});
afterAll(async () => {
  await nc.close();
  await nats.stop();
});

test('a machine that is an hour ahead of the broker goes by the time of the broker', async () => {
  const real = new SystemClock();
  const verdicts: string[] = [];
  const clock = await clockWitnessedByBroker({
    nc,
    clock: new ManualClock(real.now() + HOUR_MS),
    stream: 'TICKS',
    offsetMs: 0,
    onVerdict: (verdict) => verdicts.push(verdict),
  });
  expect(clock.now()).toBeLessThanOrEqual(real.now());
  expect(clock.now()).toBeGreaterThan(real.now() - NEAR_MS);
  expect(verdicts).toEqual(['start-corrected']);
  clock.stop();
});

test('a clock that is set ahead for a trial is no error', async () => {
  const real = new SystemClock();
  const clock = await clockWitnessedByBroker({
    nc,
    clock: new ManualClock(real.now() + HOUR_MS),
    stream: 'TICKS',
    offsetMs: HOUR_MS,
    onVerdict: (verdict) => {
      throw new Error(verdict);
    },
  });
  expect(clock.now()).toBeGreaterThan(real.now() + HOUR_MS - NEAR_MS);
  clock.stop();
});
