import { describe, expect, test } from '@jest/globals';
import { attempt as a, create, dispatch as d } from '#libs/contracts';
import { giveSlots } from '../testing/give-slots.js';
import { ShardUnderTest } from '../testing/shard-under-test.js';

const retryPolicy = { maxRetries: 5, initialDelayMs: 1_000, backoffMultiplier: 10, maxDelayMs: 0 };
const { CANCELLED, FAILED, SUCCEEDED } = a.AttemptOutcome;

/** Where there is no room, everything waits. */
const full = (settings: ConstructorParameters<typeof ShardUnderTest>[0]) => {
  const shard = new ShardUnderTest(settings);
  giveSlots(shard.state, 0);
  return shard;
};

const lastOf = (shard: ShardUnderTest, name: string) =>
  shard.journal.findLast(({ event }) => event.$typeName === `dispatch.v1.${name}`)?.event;

describe('a total deadline', () => {
  test('stops the attempt that runs, and the execution ends as timed out', () => {
    const shard = new ShardUnderTest({ totalDeadlineMs: 10_000, retryPolicy });
    const id = shard.run('c1');
    shard.begin(id);
    expect(shard.after(9_999)).toEqual([]);
    expect(shard.after(1)).toEqual(['DeadlinePassed']);
    expect(shard.after(1_000)).toEqual([]);
    expect(shard.end(id, CANCELLED, { code: 'CANCELLED' })).toEqual([
      'AttemptClosed',
      'ExecutionDeadLettered',
      'ExecutionFinished',
    ]);
    expect(lastOf(shard, 'ExecutionFinished')).toMatchObject({
      status: d.ExecutionStatus.TIMEOUT,
      error: { code: 'DEADLINE_EXCEEDED' },
    });
  });

  test('ends what waits in the queue or for a retry', () => {
    const queued = full({ totalDeadlineMs: 10_000 });
    queued.run('c1');
    expect(queued.after(10_000)).toEqual(['ExecutionDeadLettered', 'ExecutionFinished']);
    const waiting = new ShardUnderTest({ totalDeadlineMs: 10_000, retryPolicy });
    waiting.failOnce(waiting.run('c1'));
    giveSlots(waiting.state, 0);
    expect(waiting.after(1_000)).toEqual(['ExecutionQueued']);
    expect(waiting.after(9_000)).toEqual(['ExecutionDeadLettered', 'ExecutionFinished']);
  });

  test('lets no retry begin that would come after it', () => {
    const shard = new ShardUnderTest({ totalDeadlineMs: 5_000, retryPolicy });
    const id = shard.run('c1');
    expect(shard.failOnce(id)).toContain('RetryPlanned');
    shard.after(1_000);
    expect(shard.failOnce(id)).toContain('ExecutionFinished');
    expect(lastOf(shard, 'ExecutionDeadLettered')).toMatchObject({
      cause: d.DeadLetterCause.DEADLINE,
      attempts: 2,
      error: { code: 'DEADLINE_EXCEEDED' },
    });
  });

  test('does not undo what succeeded in the grace', () => {
    const shard = new ShardUnderTest({ totalDeadlineMs: 5_000 });
    const id = shard.run('c1');
    shard.begin(id);
    shard.after(5_000);
    expect(shard.end(id, SUCCEEDED)).toEqual(['AttemptClosed', 'ExecutionFinished']);
  });

  test('ends an execution whose worker tells no end, once the grace is over', () => {
    const shard = new ShardUnderTest({ totalDeadlineMs: 5_000, stopGraceMs: 2_000, retryPolicy });
    shard.begin(shard.run('c1'));
    shard.after(5_000);
    expect(shard.after(31_999)).toEqual([]);
    expect(shard.after(1)).toEqual(['AttemptLost', 'ExecutionDeadLettered', 'ExecutionFinished']);
    expect(lastOf(shard, 'ExecutionFinished')).toMatchObject({
      status: d.ExecutionStatus.TIMEOUT,
    });
  });

  test('is kept over a restart', () => {
    const shard = new ShardUnderTest({ totalDeadlineMs: 10_000 });
    shard.begin(shard.run('c1'));
    shard.restart();
    expect(shard.after(10_000)).toEqual(['DeadlinePassed']);
  });
});

describe('a start deadline', () => {
  test('skips what did not start in time, also a run by hand', () => {
    const shard = full({ startDeadlineMs: 3_000 });
    shard.run('c1');
    expect(shard.after(3_000)).toEqual(['ExecutionSkipped']);
    expect(lastOf(shard, 'ExecutionSkipped')).toMatchObject({
      cause: d.SkipCause.START_DEADLINE,
    });
    expect(shard.state.executions.size).toBe(0);
  });

  test('is met by the first attempt: retries may come later', () => {
    const shard = new ShardUnderTest({ startDeadlineMs: 500, retryPolicy });
    const id = shard.run('c1');
    shard.failOnce(id);
    expect(shard.after(1_000)).toEqual(['ExecutionQueued', 'AttemptReleased']);
  });

  test('waits for the start of an attempt that is offered', () => {
    const shard = new ShardUnderTest({ startDeadlineMs: 3_000 });
    const id = shard.run('c1');
    expect(shard.after(3_000)).toEqual([]);
    expect(shard.failOnce(id)).toContain('ExecutionFinished');
  });
});

describe('the clock of a worker', () => {
  test('decides neither when a retry comes nor whether an attempt is overdue', () => {
    const shard = new ShardUnderTest({ retryPolicy });
    const id = shard.run('c1');
    const execution = shard.state.executions.get(id);
    const wrong = { startedAtMs: shard.nowMs - 86_400_000, endedAtMs: shard.nowMs + 86_400_000 };
    const at = { executionId: id, attempt: 1, fence: execution?.fence ?? 0, account: 'default' };
    const facts = [create(a.AttemptStartedSchema, { ...at, workerId: 'w1', ...wrong })];
    shard.decide({ facts });
    expect(shard.after(60_000)).toEqual([]);
    const end = create(a.AttemptEndedSchema, { ...at, workerId: 'w1', ...wrong, outcome: FAILED });
    shard.decide({ facts: [end] });
    expect(shard.after(1_000)).toEqual(['ExecutionQueued', 'AttemptReleased']);
  });
});

describe('a cancel', () => {
  const cancel = (shard: ShardUnderTest, executionId: string, force: boolean) =>
    shard.answer(`cancel ${executionId} ${force}`, {
      case: 'cancelExecution',
      value: create(d.CancelExecutionSchema, { executionId, force }),
    });

  test('gives grace, and takes it away when it comes again with force', () => {
    const shard = new ShardUnderTest();
    const id = shard.run('c1');
    shard.begin(id);
    cancel(shard, id, false);
    expect(shard.state.executions.get(id)?.force).toBe(false);
    cancel(shard, id, true);
    expect(shard.state.executions.get(id)?.force).toBe(true);
    const told = shard.journal.length;
    cancel(shard, id, false);
    expect(shard.journal).toHaveLength(told);
    expect(shard.end(id, CANCELLED)).toEqual(['AttemptClosed', 'ExecutionFinished']);
  });
});
