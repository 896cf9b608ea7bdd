import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { attempt as a, create, type DispatchEvent, dispatch as d } from '#libs/contracts';
import { totalOf, waitsOf } from '#libs/domain';
import { feed, type ReadModelUnderTest, startReadModel } from '../testing/read-model-under-test.js';
import { ACCOUNT, recorded, SUBJECT_OF, T0 } from '../testing/recorded.js';
import { executionsProjection } from './executions.projection.js';

let model: ReadModelUnderTest;
beforeAll(async () => {
  model = await startReadModel();
});
afterAll(() => model.stop());

const at = (second: number) => T0 + second * 1_000;
const run = { executionId: 'run-1', account: ACCOUNT };
const first = { ...run, attempt: 1, fence: 1 };
const second = { ...run, attempt: 2, fence: 2 };

/** Each with the second at which it was decided. */
const story: readonly (readonly [number, readonly DispatchEvent[]])[] = [
  [3, [create(d.ExecutionRequestedSchema, { ...run, effectiveAtMs: at(1), requestedAtMs: at(3) })]],
  [
    8,
    [
      create(d.AttemptReleasedSchema, {
        ...first,
        releasedAtMs: at(8),
        queueMs: 4_000,
        limitMs: 1_000,
      }),
    ],
  ],
  [9, [create(d.AttemptAcceptedSchema, { ...first, startedAtMs: at(9) })]],
  [
    15,
    [
      create(d.AttemptClosedSchema, {
        ...first,
        endedAtMs: at(14),
        outcome: a.AttemptOutcome.FAILED,
        usage: { processStartMs: 400 },
      }),
      create(d.RetryPlannedSchema, { ...run, nextAttempt: 2, dueAtMs: at(20) }),
    ],
  ],
  [20, [create(d.ExecutionQueuedSchema, { ...run, nextAttempt: 2, queuedAtMs: at(20) })]],
  [22, [create(d.AttemptReleasedSchema, { ...second, releasedAtMs: at(22), queueMs: 2_000 })]],
  // By a clock that is far behind.
  [23, [create(d.AttemptAcceptedSchema, { ...second, startedAtMs: at(-60) })]],
  [
    30,
    [
      create(d.AttemptClosedSchema, {
        ...second,
        endedAtMs: at(-55),
        outcome: a.AttemptOutcome.SUCCEEDED,
      }),
      create(d.ExecutionFinishedSchema, {
        ...run,
        status: d.ExecutionStatus.SUCCESS,
        endedAtMs: at(-55),
      }),
    ],
  ],
];

test('an attempt has its own waits, the run has those of all, and both are what the domain counts', async () => {
  const { db } = await model.open();
  for (const [index, [second, events]] of story.entries()) {
    const of = { stream: 'DISPATCH', subject: SUBJECT_OF.dispatch } as const;
    await feed(db, executionsProjection, [recorded({ ...of, seq: index + 1, at: second, events })]);
  }
  const attempts = await db
    .selectFrom('attempt')
    .select(['planner_ms', 'queue_ms', 'limit_ms', 'retry_ms', 'worker_start_ms', 'user_code_ms'])
    .orderBy('fence')
    .execute();
  expect(attempts).toEqual([
    {
      planner_ms: 2_000,
      queue_ms: 4_000,
      limit_ms: 1_000,
      retry_ms: 0,
      worker_start_ms: 1_400,
      user_code_ms: 4_600,
    },
    {
      planner_ms: 0,
      queue_ms: 2_000,
      limit_ms: 0,
      retry_ms: 6_000,
      worker_start_ms: 0,
      user_code_ms: 5_000,
    },
  ]);
  const execution = await db.selectFrom('execution').selectAll().executeTakeFirstOrThrow();
  const told = story.flatMap(([second, events]) =>
    events.map((event) => ({ event, atMs: at(second) })),
  );
  const waits = waitsOf(told);
  expect(waits).toEqual({
    planner: execution.planner_ms,
    queue: execution.queue_ms,
    limit: execution.limit_ms,
    retry: execution.retry_ms,
    workerStart: execution.worker_start_ms,
    userCode: execution.user_code_ms,
  });
  expect(waits && totalOf(waits)).toBe((execution.counted_until?.getTime() ?? 0) - at(1));
});
