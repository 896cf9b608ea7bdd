import { describe, expect, test } from '@jest/globals';
import { attempt as a, create, type DispatchEvent, dispatch as d, tick } from '#libs/contracts';
import { ShardUnderTest } from '../testing/shard-under-test.js';
import { totalOf, WAIT_CAUSES, type Waits, waitsOf } from './waits.js';

const SEED = 20_261_123;
const SHARDS = 120;
const RUNS = 5;

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

interface Told {
  readonly event: DispatchEvent;
  readonly atMs: number;
}

/** A slot that is looked at late, or waits for its instant. */
function ring(shard: ShardUnderTest, executionId: string, aheadMs: number): void {
  const slot = create(tick.SlotSchema, {
    executionId,
    account: 'default',
    taskId: 't1',
    scheduleId: 's1',
    local: '2026-11-23T09:00:00',
    outcome: tick.SlotOutcome.FIRED,
    dueAtMs: shard.nowMs + aheadMs,
    effectiveAtMs: shard.nowMs + aheadMs,
  });
  shard.decide({ slots: [slot] });
}

function step(shard: ShardUnderTest, next: () => number): void {
  const open = [...shard.state.executions.values()];
  const one = open[Math.floor(next() * open.length)];
  if (one === undefined) return;
  const dice = next();
  if (dice < 0.03) shard.cancel(one.id);
  else if (dice < 0.05) shard.lose();
  else if (one.phase === 'offered') shard.begin(one.id);
  else if (one.phase === 'running') {
    const { SUCCEEDED, FAILED, TIMED_OUT, HANDED_BACK } = a.AttemptOutcome;
    const outcome = [SUCCEEDED, FAILED, TIMED_OUT, HANDED_BACK][Math.floor(next() * 4)];
    shard.end(one.id, outcome as a.AttemptOutcome, { code: 'BROKEN' });
  }
}

/** Histories of single runs: late slots and early ones, limits, retries, losses, cancels. */
function play(next: () => number): Told[][] {
  const shard = new ShardUnderTest({
    concurrencyLimit: 1 + Math.floor(next() * 2),
    totalDeadlineMs: next() < 0.3 ? 40_000 : 0,
    retryPolicy: { maxRetries: 3, initialDelayMs: 2_000, backoffMultiplier: 2, jitter: 0.5 },
  });
  for (let run = 0; run < RUNS; run++) {
    if (next() < 0.5) shard.run(`c${run}`);
    else ring(shard, `run-${run}`, Math.floor((next() - 0.5) * 10_000));
  }
  for (let turn = 0; turn < 2_000 && shard.state.executions.size > 0; turn++) {
    step(shard, next);
    shard.nowMs += Math.floor(next() * 800);
    shard.decide();
  }
  const runs = new Map<string, Told[]>();
  for (const told of shard.journal) {
    if (!('executionId' in told.event)) continue;
    const { executionId } = told.event;
    runs.set(executionId, [...(runs.get(executionId) ?? []), told]);
  }
  return [...runs.values()].filter(([first]) => isRequest(first?.event));
}

function isRequest(event: DispatchEvent | undefined): event is d.ExecutionRequested {
  return event?.$typeName === 'dispatch.v1.ExecutionRequested';
}

/** The same history, told by workers whose clocks go wrong by so much, and whose processes take time. */
function toldBy(events: readonly Told[], offMs: number, processStartMs: number): Told[] {
  return events.map(({ event, atMs }) => {
    if (event.$typeName === 'dispatch.v1.AttemptAccepted')
      return { atMs, event: { ...event, startedAtMs: event.startedAtMs + offMs } };
    if (event.$typeName !== 'dispatch.v1.AttemptClosed') return { event, atMs };
    const usage = create(a.UsageSchema, { processStartMs });
    return { atMs, event: { ...event, endedAtMs: event.endedAtMs + offMs, usage } };
  });
}

function spanOf(events: readonly Told[]): number {
  const [first] = events;
  const last = events.at(-1)?.event;
  if (!isRequest(first?.event)) throw new Error('it was never requested');
  const { effectiveAtMs, requestedAtMs } = first.event;
  const fromMs = effectiveAtMs || requestedAtMs;
  if (last?.$typeName === 'dispatch.v1.ExecutionFinished')
    return Math.max(0, last.endedAtMs - fromMs);
  if (last?.$typeName === 'dispatch.v1.ExecutionSkipped')
    return Math.max(0, last.skippedAtMs - fromMs);
  throw new Error('it never ended');
}

describe(`whatever becomes of a run (seed ${SEED})`, () => {
  const next = numbers(SEED);
  const runs = Array.from({ length: SHARDS }, () => play(next)).flat();
  const waits = (events: readonly Told[]) => waitsOf(events) as Waits;

  test('what it waited for sums to the time from its effective instant to its end', () => {
    expect(runs.length).toBeGreaterThan(SHARDS);
    for (const events of runs) expect(totalOf(waits(events))).toBe(spanOf(events));
  });

  test('no part is negative or broken, whatever the clocks of its workers say', () => {
    const broken: unknown[] = [];
    for (const events of runs)
      for (const offMs of [-3_600_000, -700, 0, 5, 900, 3_600_000])
        for (const processStartMs of [0, 120.4, 1e9]) {
          const parts = waits(toldBy(events, offMs, processStartMs));
          for (const cause of WAIT_CAUSES)
            if (!Number.isInteger(parts[cause]) || parts[cause] < 0) broken.push(parts);
        }
    expect(broken).toEqual([]);
  });

  test('a clock that goes wrong moves what an attempt took, and leaves how long it ran', () => {
    for (const events of runs) {
      if (events.some(({ event }) => event.$typeName === 'dispatch.v1.AttemptLost')) continue;
      const right = waits(events);
      for (const offMs of [-3_600_000, -700, 900, 3_600_000])
        expect(waits(toldBy(events, offMs, 0)).userCode).toBe(right.userCode);
    }
  });

  test('every cause occurs', () => {
    for (const cause of WAIT_CAUSES)
      expect(runs.some((events) => waits(toldBy(events, 0, 100))[cause] > 0)).toBe(true);
  });
});
