/** Histories of a shard of every kind: each step is something that happens to it. */
import fc from 'fast-check';
import {
  attempt as a,
  account as ac,
  create,
  dispatch as d,
  limit as l,
  pool as p,
  task as t,
} from '#libs/contracts';
import { JournalUnderTest } from '../dispatch/testing/journal-under-test.js';

export type Step = (shard: JournalUnderTest) => void;

const ACCOUNTS = ['ada', 'bob', 'cid'];
const { LOW, NORMAL, HIGH, CRITICAL } = t.Priority;
const { FAILED, SUCCEEDED, TIMED_OUT, HANDED_BACK, CANCELLED } = a.AttemptOutcome;

const account = fc.constantFrom(...ACCOUNTS);
const task = fc.constantFrom('t1', 't2', 't3', 'web');
const place = fc.nat(50);

/** One of those there are, if there is any. */
function pick<T>(from: Iterable<T>, at: number): T | undefined {
  const all = [...from];
  return all[at % Math.max(1, all.length)];
}

const out = ({ state }: JournalUnderTest) =>
  [...state.executions.values()].filter(({ workerId }) => workerId !== '');

const runs = fc
  .record({ of: account, task, keyed: fc.boolean(), customer: fc.constantFrom('acme', 'zeta') })
  .chain((run) =>
    fc.record({ run: fc.constant(run), at: fc.constantFrom(LOW, NORMAL, HIGH, CRITICAL) }),
  )
  .map(
    ({ run, at }): Step =>
      (shard) => {
        const parametersJson = JSON.stringify({ customer: run.customer });
        const value = create(d.RunTaskSchema, { taskId: run.task, priority: at, parametersJson });
        shard.command(run.of, run.keyed, { case: 'runTask', value });
      },
  );

const slots = fc.tuple(account, task, fc.constantFrom(0, 0, 20_000)).map(
  ([of, name, aheadMs]): Step =>
    (shard) =>
      shard.slot(of, name, aheadMs),
);

const facts = fc
  .tuple(
    place,
    fc.constantFrom(undefined, FAILED, SUCCEEDED, SUCCEEDED, TIMED_OUT, HANDED_BACK, CANCELLED),
    fc.constantFrom('BROKEN', 'FINAL', 'CHILD_CRASHED'),
  )
  .map(
    ([at, outcome, code]): Step =>
      (shard) => {
        const execution = pick(out(shard), at);
        if (execution !== undefined) shard.tell(execution, outcome, code);
      },
  );

const losses = fc.tuple(place, fc.boolean()).map(
  ([at, isSilent]): Step =>
    (shard) => {
      const execution = pick(out(shard), at);
      if (execution === undefined) return;
      const { id: executionId, fence, workerId, phase } = execution;
      const begun = phase === 'running';
      if (isSilent)
        shard.decide({ silences: [create(d.WorkerSilenceSchema, { workerId, silentMs: 4_100 })] });
      else
        shard.decide({
          unclaimed: [create(d.UnclaimedOfferSchema, { executionId, fence, begun })],
        });
    },
);

const cancels = fc.tuple(place, fc.boolean()).map(
  ([at, force]): Step =>
    (shard) => {
      const execution = pick(shard.state.executions.values(), at);
      if (execution === undefined) return;
      const value = create(d.CancelExecutionSchema, { executionId: execution.id, force });
      shard.command(execution.account, false, { case: 'cancelExecution', value });
    },
);

const backfills = fc.tuple(account, task, place, fc.nat(5)).map(
  ([of, taskId, at, count]): Step =>
    (shard) => {
      const known = pick(shard.state.backfills.all(), at);
      if (known !== undefined && count < 3) {
        const changes = [d.BackfillChange.PAUSE, d.BackfillChange.RESUME, d.BackfillChange.CANCEL];
        const change = changes[count] ?? d.BackfillChange.CANCEL;
        const value = create(d.ChangeBackfillSchema, { backfillId: known.id, change });
        shard.command(known.account, false, { case: 'changeBackfill', value });
        return;
      }
      const slots = Array.from({ length: count }, (_, hour) =>
        create(d.BackfillSlotSchema, { local: `2026-11-01T0${hour}:00:00`, zone: 'UTC' }),
      );
      const plan = { taskId, scheduleId: 's1', slots, concurrency: 2 };
      const value = create(d.StartBackfillSchema, plan);
      shard.command(of, true, { case: 'startBackfill', value });
    },
);

/** Discards some, runs one again, runs all again, or cancels that. */
const letters = fc.tuple(account, fc.nat(4), place).map(
  ([of, how, at]): Step =>
    (shard) => {
      const ids = [...shard.state.deadLetters.all()].flatMap((one) =>
        one.account === of ? one.id : [],
      );
      const [executionId = ''] = ids;
      const open = pick(shard.state.redrives.all(), at);
      if (how === 0) {
        const value = create(d.DiscardDeadLettersSchema, { executionIds: ids.slice(0, 2) });
        shard.command(of, false, { case: 'discardDeadLetters', value });
      } else if (how === 1) {
        const value = create(d.RedriveSchema, { executionId });
        shard.command(of, true, { case: 'redrive', value });
      } else if (how === 2 && open !== undefined) {
        const value = create(d.CancelRedriveSchema, { redriveId: open.id });
        shard.command(open.account, false, { case: 'cancelRedrive', value });
      } else {
        const value = create(d.StartRedriveSchema, { executionIds: ids, perMinute: 2 });
        shard.command(of, false, { case: 'startRedrive', value });
      }
    },
);

const time = fc.nat(200_000).map(
  (ms): Step =>
    (shard) => {
      shard.nowMs += ms;
      shard.decide();
    },
);

const workers = fc.tuple(fc.nat(5), fc.nat(3), fc.constantFrom('', '', 'draining', 'gone')).map(
  ([count, of, end]): Step =>
    (shard) => {
      const pool = of === 2 ? 'browser' : 'system';
      const labels = of === 3 ? [{ key: 'gpu', value: 'yes' }] : [];
      const ends = { draining: end === 'draining', gone: end === 'gone' };
      shard.worker({ workerId: `w${of}`, pools: [{ pool, slots: count }], labels, ...ends });
      shard.decide();
    },
);

/** By customer, so many at the same time and in a minute; 0: no such bound. */
function shop(most: number, rate: number, excess: l.Excess): l.LimitSaved {
  const keyExpression = 'has(parameters.customer) ? parameters.customer : "none"';
  const paced = rate > 0 ? { rate: { count: rate, perMs: 60_000, excess } } : {};
  const rule = create(l.RuleSchema, { name: 'shop', keyExpression, maxConcurrent: most, ...paced });
  return create(l.LimitSavedSchema, { limitId: 'shop', rule });
}

const capacity = fc.tuple(account, fc.nat(5), fc.nat(3)).map(
  ([of, how, max]): Step =>
    (shard) => {
      const bounds = { maxConcurrent: 2 + max, maxBrowserSessions: 1, weight: max };
      if (how === 0) shard.define(of, 'system', create(p.PoolPausedSchema));
      if (how === 1) shard.define(of, 'system', create(p.PoolResumedSchema));
      if (how === 2) shard.define(of, 'limits', create(ac.AccountLimitsSetSchema, bounds));
      if (how === 3) shard.define(of, 't1', create(t.TaskPausedSchema));
      if (how === 4) shard.define(of, 't1', create(t.TaskResumedSchema));
      if (how === 5) shard.define(of, 'shop', shop(max, max, l.Excess.SKIP));
      shard.decide();
    },
);

const step = fc.oneof(
  { weight: 8, arbitrary: runs },
  { weight: 5, arbitrary: slots },
  { weight: 9, arbitrary: facts },
  { weight: 2, arbitrary: losses },
  { weight: 2, arbitrary: cancels },
  { weight: 2, arbitrary: backfills },
  { weight: 3, arbitrary: letters },
  { weight: 4, arbitrary: time },
  { weight: 3, arbitrary: workers },
  { weight: 2, arbitrary: capacity },
);

export const anySteps = (most: number) => fc.array(step, { maxLength: most, size: 'max' });

/** Tasks with retries, deadlines, limits of their own and shared ones, and with labels; two workers. */
export function newJournal(): JournalUnderTest {
  const shard = new JournalUnderTest();
  const retryPolicy = {
    maxRetries: 1,
    initialDelayMs: 30_000,
    backoffMultiplier: 1,
    finalErrors: ['FINAL'],
  };
  const requiredLabels = [{ key: 'gpu', value: 'yes' }];
  for (const of of ACCOUNTS) {
    shard.define(of, 'shop', shop(3, 1, l.Excess.WAIT));
    shard.task(of, 't1', { retryPolicy });
    shard.task(of, 't2', { retryPolicy, concurrencyLimit: 2, limitIds: ['shop'] });
    shard.task(of, 't3', { limitIds: ['shop'], requiredLabels, totalDeadlineMs: 120_000 });
    shard.task(of, 'web', { concurrencyLimit: 1 });
  }
  shard.worker({ workerId: 'w0', pools: [{ pool: 'system', slots: 4 }] });
  shard.worker({ workerId: 'w2', pools: [{ pool: 'browser', slots: 2 }] });
  return shard;
}
