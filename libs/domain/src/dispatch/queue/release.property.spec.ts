import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  attempt as a,
  account as ac,
  create,
  limit as l,
  pool as p,
  task as t,
} from '#libs/contracts';
import { Definitions } from '../definitions.js';
import { DispatchState } from '../state.js';
import { giveSlots } from '../testing/give-slots.js';
import { QueueUnderTest } from '../testing/queue-under-test.js';
import { blockageOf, blockageOfAccount } from './blockage.js';
import { placeOn } from './placement.js';
import { byRank, classOf, type Rank } from './rank.js';
import { shareOf } from './release.js';

const { LOW, NORMAL, HIGH, CRITICAL } = t.Priority;
const ACCOUNTS = ['ada', 'bob', 'cid'];
const POOLS = ['system', 'browser'];

const account = fc.constantFrom(...ACCOUNTS);
const priority = fc.constantFrom(LOW, NORMAL, HIGH, CRITICAL);
const customer = fc.constantFrom('acme', 'zeta');

/** Something that happens to a shard. */
type Step = (shard: QueueUnderTest) => void;

const runs = fc.tuple(account, fc.constantFrom('t1', 't2', 't3', 'web'), priority, customer).map(
  ([of, task, at, name]): Step =>
    (shard) => {
      shard.ask(of, task, at, { customer: name });
    },
);
const slots = fc.tuple(account, fc.constantFrom('t1', 't2')).map(
  ([of, task]): Step =>
    (shard) => {
      shard.slot(of, task);
    },
);
const ends = fc.tuple(fc.nat(50), fc.boolean()).map(
  ([place, isBad]): Step =>
    (shard) => {
      const out = shard.out();
      const id = out[place % Math.max(1, out.length)];
      const { FAILED, SUCCEEDED } = a.AttemptOutcome;
      if (id !== undefined) shard.end(id, isBad ? FAILED : SUCCEEDED);
    },
);
const cancels = fc.nat(50).map(
  (place): Step =>
    (shard) => {
      const ids = [...shard.state.executions.keys()];
      const id = ids[place % Math.max(1, ids.length)];
      if (id !== undefined) shard.cancel(id);
    },
);
const time = fc.nat(400_000).map(
  (ms): Step =>
    (shard) => {
      shard.nowMs += ms;
    },
);
const workers = fc.tuple(fc.nat(6), fc.nat(2)).map(
  ([count, of]): Step =>
    ({ state }) => {
      giveSlots(state, count, { workerId: `w${of}`, pool: of === 2 ? 'browser' : 'system' });
    },
);
const pools = fc.tuple(account, fc.boolean(), fc.nat(3)).map(
  ([of, isPaused, max]): Step =>
    (shard) => {
      const saved = create(p.PoolSavedSchema, { maxConcurrent: max });
      shard.define(of, 'system', isPaused ? create(p.PoolPausedSchema) : saved);
      if (!isPaused) shard.define(of, 'system', create(p.PoolResumedSchema));
    },
);
const limits = fc.tuple(account, fc.nat(3), fc.nat(3), fc.boolean()).map(
  ([of, max, count, skips]): Step =>
    (shard) => {
      const excess = skips ? l.Excess.SKIP : l.Excess.WAIT;
      const rate = count > 0 ? { rate: { count, perMs: 60_000, excess } } : {};
      const keyExpression = 'has(parameters.customer) ? parameters.customer : "none"';
      shard.limit(of, 'shop', { keyExpression, maxConcurrent: max, ...rate });
    },
);
const bounds = fc.tuple(account, fc.nat(5), fc.nat(3)).map(
  ([of, maxConcurrent, weight]): Step =>
    (shard) => {
      const set = { maxConcurrent, maxBrowserSessions: 1, weight };
      shard.define(of, 'limits', create(ac.AccountLimitsSetSchema, set));
    },
);

const step = fc.oneof(
  { weight: 8, arbitrary: runs },
  { weight: 4, arbitrary: slots },
  { weight: 6, arbitrary: ends },
  { weight: 3, arbitrary: time },
  { weight: 2, arbitrary: workers },
  { weight: 2, arbitrary: pools },
  { weight: 2, arbitrary: limits },
  { weight: 1, arbitrary: bounds },
  { weight: 1, arbitrary: cancels },
);

/** Tasks with retries, with a serial schedule, under a limit of their own and a shared one, and with labels. */
function newShard(): QueueUnderTest {
  const shard = new QueueUnderTest();
  const retryPolicy = { maxRetries: 2, initialDelayMs: 30_000, backoffMultiplier: 1 };
  const overlap = { policy: t.OverlapPolicy.BUFFER_ALL };
  const schedules = [{ id: 's1', cron: '* * * * *', zone: 'UTC', overlap }];
  const requiredLabels = [{ key: 'gpu', value: 'yes' }];
  const limitIds = ['shop'];
  for (const of of ACCOUNTS) {
    shard.task(of, 't1', { retryPolicy }, schedules);
    shard.task(of, 't2', { retryPolicy, concurrencyLimit: 2, limitIds }, schedules);
    shard.task(of, 't3', { limitIds, requiredLabels });
    shard.task(of, 'web', { concurrencyLimit: 1 });
  }
  giveSlots(shard.state, 1, { workerId: 'w3', labels: { gpu: 'yes' } });
  return shard;
}

function play(steps: readonly Step[]): QueueUnderTest {
  const shard = newShard();
  for (const one of steps) one(shard);
  shard.decide();
  return shard;
}

/** Who would be next if everybody who waits were looked at. */
function nextOfAll(state: DispatchState, pool: string, nowMs: number): string | undefined {
  const open: (Rank & { id: string })[] = [];
  for (const queue of state.line.pools.get(pool)?.accounts.values() ?? []) {
    if (blockageOfAccount(state, queue) !== undefined) continue;
    for (const lane of queue.lanes.values())
      for (const { execution, queuedAtMs, ordinal } of lane.tickets()) {
        if (execution.serial && lane.head?.execution !== execution) continue;
        if (blockageOf(state, execution, nowMs) !== undefined) continue;
        if (placeOn(state, execution) === undefined) continue;
        const effective = classOf(execution.priority, queuedAtMs, nowMs);
        const share = shareOf(state, queue);
        open.push({ id: execution.id, queuedAtMs, ordinal, share, class: effective });
      }
  }
  return open.sort(byRank)[0]?.id;
}

describe('under any history', () => {
  test('nobody is left waiting who could go: what is parked is blocked', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
        const shard = newShard();
        for (const one of steps) {
          one(shard);
          shard.decide();
          for (const pool of POOLS)
            expect(nextOfAll(shard.state, pool, shard.nowMs)).toBeUndefined();
        }
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  test('releases come in the order that looking at everybody each time gives', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60, size: 'max' }),
        fc.integer({ min: 1, max: 12 }),
        (steps, count) => {
          const shard = play(steps);
          const twin = play(steps);
          giveSlots(shard.state, count, { workerId: 'w9' });
          const given = shard
            .released()
            .filter((id) => shard.state.executions.get(id)?.workerId === 'w9');
          const expected: string[] = [];
          for (let slot = 1; slot <= count; slot++) {
            giveSlots(twin.state, slot, { workerId: 'w9' });
            const next = nextOfAll(twin.state, 'system', twin.nowMs);
            twin.decide();
            if (next !== undefined) expected.push(next);
          }
          expect(given).toEqual(expected);
        },
      ),
      { seed: 8, numRuns: 300 },
    );
  });

  test('the state is the fold of the log', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const { state, journal, nowMs } = play(steps);
        const folded = new DispatchState(new Definitions());
        for (const { event, atMs } of journal) folded.evolve(event, atMs);
        const told = ({ line }: DispatchState) => ({
          waiting: POOLS.map((pool) => line.waitingIn(pool)),
          wanted: line.wanted(),
          open: [...state.executions.keys()].map((id) => ({
            waited: line.waited(id, nowMs),
            usages: line
              .usagesOf(id)
              .map(
                (usage) =>
                  usage && [
                    usage.active,
                    usage.fresh,
                    usage.waiting,
                    usage.open,
                    usage.releases.within(60_000, nowMs),
                  ],
              ),
          })),
        });
        expect(told(folded)).toEqual(told(state));
      }),
      { seed: 9, numRuns: 150 },
    );
  });
});
