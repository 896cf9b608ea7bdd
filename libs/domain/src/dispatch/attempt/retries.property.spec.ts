import { describe, expect, test } from '@jest/globals';
import {
  attempt as a,
  dispatch as d,
  type MessageInitShape,
  type task as t,
} from '#libs/contracts';
import { POISON_CRASHES } from '../limits.js';
import { ShardUnderTest } from '../testing/shard-under-test.js';
import { retryDelayMs } from './retry.js';

const SEED = 20_261_123;
const EXECUTIONS = 400;

/** Mulberry32: the same numbers in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Settings = MessageInitShape<typeof t.SettingsSchema>;

function anySettings(next: () => number): Settings {
  const some = (of: number) => Math.floor(next() * of);
  return {
    timeoutMs: 60_000,
    noDeadLetter: next() < 0.2,
    totalDeadlineMs: next() < 0.3 ? 1_000 + some(60_000) : 0,
    retryPolicy: {
      maxRetries: some(6),
      initialDelayMs: some(10_000),
      backoffMultiplier: 1 + some(4),
      maxDelayMs: next() < 0.5 ? 0 : 1_000 + some(20_000),
      jitter: next() < 0.5 ? 0 : next(),
      finalErrors: next() < 0.3 ? ['BAD_*'] : [],
      timeoutIsFinal: next() < 0.3,
      lossIsFinal: next() < 0.3,
    },
  };
}

/** One way for an attempt to end. */
function endAnyhow(shard: ShardUnderTest, id: string, next: () => number): void {
  shard.begin(id);
  shard.nowMs += Math.floor(next() * 3_000);
  shard.decide();
  const dice = next();
  if (dice < 0.2) shard.lose();
  else if (dice < 0.35) shard.end(id, a.AttemptOutcome.TIMED_OUT, { code: 'TIMED_OUT' });
  else if (dice < 0.45) shard.end(id, a.AttemptOutcome.HANDED_BACK);
  else if (dice < 0.55) shard.end(id, a.AttemptOutcome.SUCCEEDED);
  else if (dice < 0.65) shard.end(id, a.AttemptOutcome.FAILED, { code: 'CHILD_CRASHED' });
  else if (dice < 0.75) shard.end(id, a.AttemptOutcome.FAILED, { code: 'BAD_INPUT' });
  else shard.end(id, a.AttemptOutcome.FAILED, { code: 'BROKEN' });
}

function play(settings: Settings, next: () => number): ShardUnderTest {
  const shard = new ShardUnderTest(settings);
  const id = shard.run('c');
  for (let step = 0; step < 200; step++) {
    const execution = shard.state.executions.get(id);
    if (execution === undefined) return shard;
    // A restart at any moment must change nothing.
    if (next() < 0.2) shard.restart();
    if (execution.phase === 'offered') endAnyhow(shard, id, next);
    else if (execution.phase === 'waiting') {
      shard.nowMs = Math.max(shard.nowMs, execution.waitUntilMs);
      shard.decide();
    } else shard.after(1_000);
  }
  throw new Error('it never ended');
}

const named = (shard: ShardUnderTest, name: string) =>
  shard.journal.filter(({ event }) => event.$typeName === `dispatch.v1.${name}`);

describe(`whatever the policy, and however attempts end (seed ${SEED})`, () => {
  const next = numbers(SEED);
  const played = Array.from({ length: EXECUTIONS }, () => {
    const settings = anySettings(next);
    return { settings, shard: play(settings, next) };
  });
  const policyOf = (settings: Settings) => settings.retryPolicy as t.RetryPolicy;

  test('an execution ends once', () => {
    for (const { shard } of played)
      expect(
        named(shard, 'ExecutionFinished').length + named(shard, 'ExecutionSkipped').length,
      ).toBe(1);
  });

  test('it fails no more often than its retries and the first attempt allow', () => {
    for (const { settings, shard } of played) {
      const failures = shard.journal.filter(
        ({ event }) =>
          event.$typeName === 'dispatch.v1.AttemptLost' ||
          (event.$typeName === 'dispatch.v1.AttemptClosed' &&
            event.outcome !== a.AttemptOutcome.HANDED_BACK &&
            event.outcome !== a.AttemptOutcome.SUCCEEDED),
      );
      expect(failures.length).toBeLessThanOrEqual(policyOf(settings).maxRetries + 1);
    }
  });

  test('each delay is the law’s, less no more than its jitter', () => {
    for (const { settings, shard } of played) {
      const retry = policyOf(settings);
      let failures = 0;
      for (const { event, atMs } of shard.journal) {
        const handedBack =
          event.$typeName === 'dispatch.v1.AttemptClosed' &&
          event.outcome === a.AttemptOutcome.HANDED_BACK;
        const ended =
          event.$typeName === 'dispatch.v1.AttemptClosed' ||
          event.$typeName === 'dispatch.v1.AttemptLost';
        if (ended && !handedBack) failures += 1;
        if (event.$typeName !== 'dispatch.v1.RetryPlanned') continue;
        const delayMs = event.dueAtMs - atMs;
        const mostMs = failures === 0 ? 0 : retryDelayMs(retry, failures);
        expect(delayMs).toBeLessThanOrEqual(mostMs);
        if (delayMs > 0) expect(delayMs).toBeGreaterThanOrEqual(mostMs * (1 - retry.jitter) - 1);
      }
    }
  });

  test('every bad end has exactly one dead letter where its task wants it, and no other end has', () => {
    const { FAILED, TIMEOUT } = d.ExecutionStatus;
    for (const { settings, shard } of played) {
      const bad = named(shard, 'ExecutionFinished').filter(
        ({ event }) => 'status' in event && (event.status === FAILED || event.status === TIMEOUT),
      );
      const wanted = settings.noDeadLetter ? 0 : bad.length;
      expect(named(shard, 'ExecutionDeadLettered')).toHaveLength(wanted);
    }
  });

  test('nothing crashes more often than poison may', () => {
    for (const { shard } of played) {
      const crashes = shard.journal.filter(
        ({ event }) =>
          event.$typeName === 'dispatch.v1.AttemptLost' ||
          (event.$typeName === 'dispatch.v1.AttemptClosed' &&
            event.error?.code === 'CHILD_CRASHED'),
      );
      expect(crashes.length).toBeLessThanOrEqual(POISON_CRASHES);
    }
  });

  test('nothing begins after its total deadline', () => {
    for (const { settings, shard } of played) {
      const deadlineMs = settings.totalDeadlineMs || Number.POSITIVE_INFINITY;
      const startMs = shard.journal[0]?.atMs ?? 0;
      for (const { event, atMs } of shard.journal)
        if (event.$typeName === 'dispatch.v1.AttemptReleased')
          expect(atMs - startMs).toBeLessThan(deadlineMs);
    }
  });
});
