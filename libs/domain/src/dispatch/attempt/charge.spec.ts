import { describe, expect, test } from '@jest/globals';
import {
  attempt as a,
  account as ac,
  create,
  type DispatchEvent,
  dispatch as d,
  pool as p,
} from '#libs/contracts';
import { ShardUnderTest } from '../testing/shard-under-test.js';

const MINUTE = 60_000;

function rated(computeRateMicros: number): ShardUnderTest {
  const shard = new ShardUnderTest({ retryPolicy: { maxRetries: 1, initialDelayMs: 1_000 } });
  const currency = create(ac.AccountLimitsSetSchema, { currency: 'EUR' });
  shard.state.definitions.define('default', 'limits', currency, 2, shard.nowMs);
  setRate(shard, computeRateMicros);
  return shard;
}

function setRate(shard: ShardUnderTest, computeRateMicros: number): void {
  const saved = create(p.PoolSavedSchema, { computeRateMicros });
  shard.state.definitions.define('default', 'system', saved, 3, shard.nowMs);
}

function runFor(shard: ShardUnderTest, id: string, ms: number, outcome: a.AttemptOutcome) {
  shard.begin(id);
  shard.nowMs += ms;
  const told = shard.ended(id, outcome) as a.AttemptEnded;
  const usage = create(a.UsageSchema, { apiCostMicros: 2_500 });
  return shard.decide({ facts: [{ ...told, usage }] });
}

const closed = (events: readonly DispatchEvent[]) =>
  events.find((event): event is d.AttemptClosed => event.$typeName === 'dispatch.v1.AttemptClosed');
const finished = (events: readonly DispatchEvent[]) =>
  events.find(({ $typeName }) => $typeName === 'dispatch.v1.ExecutionFinished');

describe('what a run costs', () => {
  test('is its attempts’ time at the rate of each end, and what they told of APIs', () => {
    const shard = rated(600_000);
    const id = shard.run('c');
    const first = runFor(shard, id, 30 * MINUTE, a.AttemptOutcome.FAILED);
    expect(closed(first)).toMatchObject({
      computeCostMicros: 300_000,
      apiCostMicros: 2_500,
      computeRateMicros: 600_000,
      currency: 'EUR',
    });
    setRate(shard, 1_200_000);
    shard.after(1_000);
    shard.restart();
    const second = runFor(shard, id, 30 * MINUTE, a.AttemptOutcome.SUCCEEDED);
    expect(closed(second)).toMatchObject({ computeCostMicros: 600_000 });
    expect(finished(second)).toMatchObject({
      computeCostMicros: 900_000,
      apiCostMicros: 5_000,
      currency: 'EUR',
    });
  });

  test('is no more than the time since it was given out, whatever its worker says', () => {
    const shard = rated(3_600_000);
    const id = shard.run('c');
    shard.begin(id);
    shard.nowMs += 1_000;
    const told = shard.ended(id, a.AttemptOutcome.SUCCEEDED) as a.AttemptEnded;
    const usage = create(a.UsageSchema, { apiCostMicros: Number.NaN });
    const late = { ...told, endedAtMs: told.endedAtMs + 1e9, usage };
    expect(closed(shard.decide({ facts: [late] }))).toMatchObject({
      computeCostMicros: 1_000,
      apiCostMicros: 0,
    });
  });

  test('is nothing for a lost attempt, and where no rate is set', () => {
    const shard = rated(600_000);
    const id = shard.run('c');
    shard.begin(id);
    shard.nowMs += MINUTE;
    shard.lose();
    expect(shard.state.executions.get(id)).toMatchObject({ computeCostMicros: 0 });
    const free = new ShardUnderTest();
    expect(closed(runFor(free, free.run('c'), MINUTE, a.AttemptOutcome.SUCCEEDED))).toMatchObject({
      computeCostMicros: 0,
      computeRateMicros: 0,
      currency: '',
    });
  });
});
