import { describe, expect, test } from '@jest/globals';
import {
  account as ac,
  create,
  dispatch as d,
  limit as l,
  pool as p,
  task as t,
} from '#libs/contracts';
import { AGEING_STEP_MS } from '../limits.js';
import { giveSlots } from '../testing/give-slots.js';
import { NINE, QueueUnderTest } from '../testing/queue-under-test.js';

const { LOW, NORMAL, HIGH, CRITICAL } = t.Priority;

/** One task an account, and nobody working yet. */
function shardOf(...accounts: string[]): QueueUnderTest {
  const shard = new QueueUnderTest();
  for (const account of accounts) shard.task(account, 't1');
  return shard;
}

describe('the order of the queue', () => {
  test('is by priority first, then first come', () => {
    const shard = shardOf('ada');
    const [low, one, high, other, critical] = [LOW, NORMAL, HIGH, NORMAL, CRITICAL].map(
      (priority) => shard.run('ada', 't1', priority),
    );
    giveSlots(shard.state, 9);
    expect(shard.released()).toEqual([critical, high, one, other, low]);
  });

  test('gives an equal share to accounts of equal weight', () => {
    const shard = shardOf('ada', 'bob');
    const ada = [1, 2, 3].map(() => shard.run('ada', 't1'));
    const bob = [1, 2].map(() => shard.run('bob', 't1'));
    giveSlots(shard.state, 9);
    expect(shard.released()).toEqual([ada[0], bob[0], ada[1], bob[1], ada[2]]);
  });

  test('gives twice as much to twice the weight', () => {
    const shard = shardOf('ada', 'bob');
    shard.define('ada', 'limits', create(ac.AccountLimitsSetSchema, { weight: 2 }));
    for (let i = 0; i < 8; i++) shard.run('ada', 't1');
    for (let i = 0; i < 8; i++) shard.run('bob', 't1');
    giveSlots(shard.state, 6);
    const accounts = shard.released().map((id) => shard.state.executions.get(id)?.account);
    expect(accounts.filter((account) => account === 'ada')).toHaveLength(4);
  });

  test('lifts who waits by one class with each step', () => {
    const shard = shardOf('ada', 'bob');
    const old = shard.run('ada', 't1', LOW);
    shard.nowMs += AGEING_STEP_MS;
    const normal = shard.run('bob', 't1', NORMAL);
    shard.nowMs += AGEING_STEP_MS;
    const high = shard.run('bob', 't1', CRITICAL);
    giveSlots(shard.state, 9);
    expect(shard.released()).toEqual([high, old, normal]);
  });

  test('starves nobody: four steps after its request a low one goes before all that came later', () => {
    const shard = shardOf('ada', 'bob');
    giveSlots(shard.state, 1);
    let running = shard.run('bob', 't1', CRITICAL);
    const low = shard.run('ada', 't1', LOW);
    // Ada always has one out, so that her share is never the smaller one.
    giveSlots(shard.state, 1, { workerId: 'w2' });
    let waitedMs = 0;
    for (; !shard.out().includes(low) && waitedMs < 5 * AGEING_STEP_MS; waitedMs += 10_000) {
      shard.run('bob', 't1', CRITICAL);
      shard.run('bob', 't1', CRITICAL);
      shard.nowMs += 10_000;
      shard.end(running);
      running = shard.out()[0] as string;
    }
    expect(waitedMs).toBeLessThanOrEqual(4 * AGEING_STEP_MS);
  });
});

describe('limits', () => {
  test('of a key hold for all tasks under it, and each key for itself', () => {
    const shard = new QueueUnderTest();
    shard.limit('ada', 'shop', { keyExpression: 'parameters.customer', maxConcurrent: 1 });
    for (const task of ['t1', 't2']) shard.task('ada', task, { limitIds: ['shop'] });
    giveSlots(shard.state, 9);
    const acme = shard.run('ada', 't1', NORMAL, { customer: 'acme' });
    const other = shard.run('ada', 't2', NORMAL, { customer: 'acme' });
    const zeta = shard.run('ada', 't2', NORMAL, { customer: 'zeta' });
    expect(shard.out()).toEqual([acme, zeta]);
    shard.end(acme);
    expect(shard.out()).toEqual([other, zeta]);
  });

  test('that are lowered start nothing until there are fewer', () => {
    const shard = new QueueUnderTest();
    shard.limit('ada', 'shop', { maxConcurrent: 3 });
    shard.task('ada', 't1', { limitIds: ['shop'] });
    giveSlots(shard.state, 9);
    const runs = [1, 2, 3, 4].map(() => shard.run('ada', 't1'));
    shard.limit('ada', 'shop', { maxConcurrent: 1 });
    shard.end(runs[0] as string);
    shard.end(runs[1] as string);
    expect(shard.out()).toEqual([runs[2]]);
    shard.end(runs[2] as string);
    expect(shard.out()).toEqual([runs[3]]);
  });

  test('of an account count all its pools, and those of browsers its browsers', () => {
    const shard = shardOf('ada');
    shard.task('ada', 'web');
    const bounds = { maxConcurrent: 3, maxBrowserSessions: 1 };
    shard.define('ada', 'limits', create(ac.AccountLimitsSetSchema, bounds));
    giveSlots(shard.state, 9);
    giveSlots(shard.state, 9, { workerId: 'w2', pool: 'browser' });
    for (let i = 0; i < 2; i++) shard.run('ada', 'web');
    expect(shard.out()).toHaveLength(1);
    for (let i = 0; i < 4; i++) shard.run('ada', 't1');
    expect(shard.out()).toHaveLength(3);
  });

  test('of a pool hold its releases, and a paused one has none until it is resumed', () => {
    const shard = shardOf('ada');
    shard.define('ada', 'system', create(p.PoolSavedSchema, { maxConcurrent: 1 }));
    giveSlots(shard.state, 9);
    const [one = '', two] = [shard.run('ada', 't1'), shard.run('ada', 't1')];
    expect(shard.out()).toEqual([one]);
    shard.define('ada', 'system', create(p.PoolPausedSchema, { reason: 'a look at it' }));
    shard.end(one);
    expect(shard.out()).toEqual([]);
    shard.define('ada', 'system', create(p.PoolResumedSchema));
    expect(shard.released()).toEqual([two]);
  });

  test('with a rate let so many start within its time, and the next when there is room', () => {
    const shard = new QueueUnderTest();
    shard.limit('ada', 'api', { rate: { count: 2, perMs: 60_000 } });
    shard.task('ada', 't1', { limitIds: ['api'] });
    giveSlots(shard.state, 9);
    const runs = [1, 2, 3, 4].map(() => {
      shard.nowMs += 1_000;
      return shard.run('ada', 't1');
    });
    expect(shard.out()).toEqual(runs.slice(0, 2));
    expect(shard.state.line.nextMs).toBe(NINE + 61_000);
    shard.nowMs = NINE + 60_999;
    expect(shard.released()).toEqual([]);
    shard.nowMs = NINE + 61_000;
    expect(shard.released()).toEqual([runs[2]]);
    expect(shard.journal.at(-1)?.event).toMatchObject({ queueMs: 0, limitMs: 58_000 });
  });

  test('with a rate that skips refuse by hand, and skip a slot, with the instant of the next room', () => {
    const shard = new QueueUnderTest();
    shard.limit('ada', 'api', { rate: { count: 1, perMs: 60_000, excess: l.Excess.SKIP } });
    shard.task('ada', 't1', { limitIds: ['api'] });
    const first = shard.run('ada', 't1');
    expect(shard.ask('ada', 't1').answer).toMatchObject({ accepted: false, code: 'rate-limited' });
    giveSlots(shard.state, 9);
    expect(shard.released()).toEqual([first]);
    shard.end(first);
    const [skipped] = shard.slot('ada', 't1');
    const cause = d.SkipCause.RATE_LIMITED;
    expect(skipped).toMatchObject({
      cause,
      limitId: 'api',
      detail: expect.stringMatching(/T09:01/),
    });
    shard.nowMs += 60_000;
    expect(shard.ask('ada', 't1').answer).toMatchObject({ accepted: true });
  });

  test('whose key has no value end a scheduled run at once, and refuse one by hand', () => {
    const shard = new QueueUnderTest();
    shard.limit('ada', 'shop', { keyExpression: 'parameters.customer', maxConcurrent: 1 });
    shard.task('ada', 't1', { limitIds: ['shop'] });
    expect(shard.ask('ada', 't1').answer).toMatchObject({ code: 'limit-key-failed' });
    expect(shard.slot('ada', 't1').at(-1)).toMatchObject({
      status: d.ExecutionStatus.FAILED,
      error: { code: 'LIMIT_KEY_FAILED' },
    });
  });
});
