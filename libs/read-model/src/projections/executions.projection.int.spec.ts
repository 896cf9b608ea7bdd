import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import {
  attempt as a,
  create,
  type DispatchEvent,
  dispatch as d,
  task as t,
} from '#libs/contracts';
import type { ReadModel } from '../tables.js';
import {
  feed,
  feedAgain,
  type ReadModelUnderTest,
  startReadModel,
} from '../testing/read-model-under-test.js';
import { ACCOUNT, ALICE, recorded, SUBJECT_OF, T0 } from '../testing/recorded.js';
import { executionsProjection } from './executions.projection.js';

let model: ReadModelUnderTest;
let db: Kysely<ReadModel>;
beforeAll(async () => {
  model = await startReadModel();
});
afterAll(() => model.stop());

const at = (second: number) => T0 + second * 1_000;
const of = (executionId: string) => ({ executionId, account: ACCOUNT });
const run = of('run-1');

const requested = (execution = run, second = 0) =>
  create(d.ExecutionRequestedSchema, {
    ...execution,
    trigger: d.Trigger.SCHEDULED,
    spec: {
      taskId: 'report',
      taskName: 'Daily report',
      type: t.TaskType.SYSTEM,
      target: { systemTask: 'noop' },
      parametersJson: '{"a":1}',
      settings: { priority: t.Priority.HIGH },
      pool: 'system',
    },
    slot: {
      scheduleId: 's1',
      scheduleRevision: 1,
      local: '2026-11-23T10:00:00',
      zone: 'Europe/Berlin',
      dueAtMs: T0,
    },
    nominalAtMs: T0,
    requestedAtMs: at(second),
    actor: ALICE,
  });
const released = (attempt: number, fence: number, second: number, execution = run) =>
  create(d.AttemptReleasedSchema, { ...execution, attempt, fence, releasedAtMs: at(second) });
const accepted = (attempt: number, fence: number, second: number, execution = run) =>
  create(d.AttemptAcceptedSchema, {
    ...execution,
    attempt,
    fence,
    workerId: 'w1',
    startedAtMs: at(second),
  });
const closed = (
  attempt: number,
  fence: number,
  second: number,
  outcome: a.AttemptOutcome,
  execution = run,
) =>
  create(d.AttemptClosedSchema, {
    ...execution,
    attempt,
    fence,
    workerId: 'w1',
    endedAtMs: at(second),
    outcome,
    ...(outcome === a.AttemptOutcome.SUCCEEDED
      ? { outputJson: '{"status":200}' }
      : { error: { code: 'HTTP_STATUS_UNEXPECTED', message: '500', stack: 'at x' } }),
    artifacts: [{ name: 'end.png', mediaType: 'image/png', sizeBytes: 7, objectKey: 'k' }],
    usage: { cpuMs: 5, peakMemoryBytes: 6, logBytes: 7, logLines: 8 },
    computeCostMicros: 9_000,
    apiCostMicros: 20,
    currency: 'EUR',
  });
const finished = (
  status: d.ExecutionStatus,
  second: number,
  execution = run,
  error?: a.AttemptError,
) =>
  create(d.ExecutionFinishedSchema, {
    ...execution,
    taskId: 'report',
    status,
    endedAtMs: at(second),
    attempts: 1,
    ...(error && { error }),
  });
const failure = create(a.AttemptErrorSchema, { code: 'HTTP_STATUS_UNEXPECTED', message: '500' });

/** An end is decided when it was told, at the earliest. */
const decidedAt = (events: readonly DispatchEvent[]): number =>
  Math.max(0, ...events.map((event) => ('endedAtMs' in event ? event.endedAtMs - T0 : 0))) / 1_000;

/** Each list of events is one commit. */
async function given(...commits: DispatchEvent[][]): Promise<void> {
  ({ db } = await model.open());
  const told = commits.map((events, index) =>
    recorded({
      stream: 'DISPATCH',
      subject: SUBJECT_OF.dispatch,
      seq: index + 1,
      at: decidedAt(events),
      events,
    }),
  );
  for (const commit of told) await feed(db, executionsProjection, [commit]);
  await feedAgain(db, executionsProjection, told);
}

const execution = (id = 'run-1') =>
  db.selectFrom('execution').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const attempts = () => db.selectFrom('attempt').selectAll().orderBy('fence').execute();
const stats = () => db.selectFrom('task_stats').selectAll().executeTakeFirstOrThrow();
const hours = () => db.selectFrom('execution_hour').selectAll().orderBy('status').execute();

const succeeded: DispatchEvent[][] = [
  [requested(), released(1, 1, 0)],
  [accepted(1, 1, 2)],
  [closed(1, 1, 5, a.AttemptOutcome.SUCCEEDED), finished(d.ExecutionStatus.SUCCESS, 5)],
];

describe('an execution', () => {
  test('is queued when it is requested, with everything that was frozen then', async () => {
    await given([requested()]);
    expect(await execution()).toEqual({
      account: ACCOUNT,
      id: 'run-1',
      task_id: 'report',
      task_name: 'Daily report',
      type: 'system',
      pool: 'system',
      trigger: 'scheduled',
      status: 'queued',
      priority: 'high',
      schedule_id: 's1',
      slot_local: '2026-11-23T10:00:00',
      slot_zone: 'Europe/Berlin',
      nominal_at: new Date(T0),
      requested_at: new Date(T0),
      started_at: null,
      ended_at: null,
      duration_ms: null,
      attempt: 0,
      retry_at: null,
      worker_id: null,
      error: null,
      output: null,
      artifacts: [],
      parameters: { a: 1 },
      retry_of: null,
      effective_at: null,
      backfill_id: null,
      redrive_id: null,
      parent_id: null,
      parent_step: null,
      snoozes: 0,
      skip_cause: null,
      skip_detail: null,
      blocking_execution_id: null,
      cancel_requested: false,
      actor: 'alice',
      position: 1,
      planner_ms: 0,
      queue_ms: 0,
      limit_ms: 0,
      retry_ms: 0,
      worker_start_ms: 0,
      user_code_ms: 0,
      counted_until: new Date(T0),
      queued_at: new Date(T0),
      compute_cost_micros: null,
      api_cost_micros: null,
      currency: null,
    });
  });

  test('runs from the acceptance of its attempt', async () => {
    await given(...succeeded.slice(0, 2));
    expect(await execution()).toMatchObject({
      status: 'running',
      attempt: 1,
      started_at: new Date(at(2)),
      worker_id: 'w1',
      position: 2,
    });
  });

  test('ends with the output, the artifacts and the time it ran', async () => {
    await given(...succeeded);
    expect(await execution()).toMatchObject({
      status: 'success',
      ended_at: new Date(at(5)),
      duration_ms: 3_000,
      output: { status: 200 },
      artifacts: [{ name: 'end.png', mediaType: 'image/png', sizeBytes: 7, objectKey: 'k' }],
      error: null,
      position: 3,
    });
    expect(await attempts()).toEqual([
      {
        account: ACCOUNT,
        execution_id: 'run-1',
        attempt: 1,
        fence: 1,
        status: 'succeeded',
        worker_id: 'w1',
        released_at: new Date(T0),
        started_at: new Date(at(2)),
        ended_at: new Date(at(5)),
        error: null,
        output: { status: 200 },
        artifacts: [{ name: 'end.png', mediaType: 'image/png', sizeBytes: 7, objectKey: 'k' }],
        usage: expect.objectContaining({ cpuMs: 5, peakMemoryBytes: 6, logBytes: 7, logLines: 8 }),
        queue_ms: 0,
        limit_ms: 0,
        planner_ms: 0,
        retry_ms: 0,
        worker_start_ms: 2_000,
        user_code_ms: 3_000,
        compute_cost_micros: 9_000,
        api_cost_micros: 20,
        currency: 'EUR',
      },
    ]);
  });

  test('waits for its retry with the error in view, then runs again from its first start', async () => {
    const retry = [
      ...succeeded.slice(0, 2),
      [
        closed(1, 1, 4, a.AttemptOutcome.FAILED),
        create(d.RetryPlannedSchema, { ...run, nextAttempt: 2, dueAtMs: at(9) }),
      ],
    ];
    await given(...retry);
    expect(await execution()).toMatchObject({
      status: 'retrying',
      retry_at: new Date(at(9)),
      error: { code: 'HTTP_STATUS_UNEXPECTED', message: '500', stack: 'at x' },
    });
    await given(
      ...retry,
      [
        create(d.ExecutionQueuedSchema, { ...run, nextAttempt: 2, queuedAtMs: at(9) }),
        released(2, 2, 9),
      ],
      [accepted(2, 2, 10)],
    );
    expect(await execution()).toMatchObject({
      status: 'running',
      attempt: 2,
      retry_at: null,
      started_at: new Date(at(2)),
    });
    expect((await attempts()).map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'failed'],
      [2, 'running'],
    ]);
  });

  test('goes back to the queue when nobody claims it, or when its worker is lost', async () => {
    const lost = (cause: d.LossCause) =>
      create(d.AttemptLostSchema, { ...run, attempt: 1, fence: 1, cause, lostAtMs: at(4) });
    await given([requested(), released(1, 1, 0)], [lost(d.LossCause.UNCLAIMED)]);
    expect(await execution()).toMatchObject({ status: 'queued', started_at: null });
    expect(await attempts()).toMatchObject([{ status: 'unclaimed', ended_at: new Date(at(4)) }]);
    await given(...succeeded.slice(0, 2), [lost(d.LossCause.WORKER_SILENT)]);
    expect(await execution()).toMatchObject({ status: 'queued', started_at: new Date(at(2)) });
    expect(await attempts()).toMatchObject([{ status: 'lost' }]);
  });

  test('can be cancelled before it has started', async () => {
    await given(
      [requested()],
      [
        create(d.CancelRequestedSchema, { ...run, requestedAtMs: at(1) }),
        finished(d.ExecutionStatus.CANCELLED, 1),
      ],
    );
    expect(await execution()).toMatchObject({
      status: 'cancelled',
      cancel_requested: true,
      duration_ms: null,
    });
  });

  test('ends once: what is told of it later changes only the attempt', async () => {
    await given(...succeeded);
    const before = await execution();
    await given(
      ...succeeded,
      [finished(d.ExecutionStatus.FAILED, 9), create(d.CancelRequestedSchema, run)],
      [requested(), released(1, 1, 20)],
    );
    expect(await execution()).toEqual(before);
    expect(await stats()).toMatchObject({ total_runs: 1, successful_runs: 1, failed_runs: 0 });
    expect(await hours()).toMatchObject([{ status: 'success', count: 1 }]);
  });

  test('that never was is not made by what is told of it', async () => {
    await given([accepted(1, 1, 0), finished(d.ExecutionStatus.FAILED, 1)]);
    expect(await db.selectFrom('execution').selectAll().execute()).toEqual([]);
    expect(await db.selectFrom('task_stats').selectAll().execute()).toEqual([]);
  });

  test('of a skipped slot stands among the others, ended, and counts as no run', async () => {
    await given([
      create(d.ExecutionSkippedSchema, {
        ...run,
        taskId: 'report',
        taskName: 'Daily report',
        type: t.TaskType.BROWSER_AUTOMATION,
        pool: 'browser',
        slot: { scheduleId: 's1', local: '2026-11-23T10:00:00', zone: 'UTC', dueAtMs: T0 },
        cause: d.SkipCause.OVERLAP,
        blockingExecutionId: 'run-0',
        skippedAtMs: at(1),
      }),
    ]);
    expect(await execution()).toMatchObject({
      status: 'skipped',
      skip_cause: 'overlap',
      task_name: 'Daily report',
      type: 'browser_automation',
      pool: 'browser',
      blocking_execution_id: 'run-0',
      nominal_at: new Date(T0),
      requested_at: new Date(at(1)),
      ended_at: new Date(at(1)),
    });
    expect(await hours()).toEqual([]);
  });

  test('knows the instant before which it must not start', async () => {
    const early = requested();
    early.effectiveAtMs = at(600);
    await given([early]);
    expect(await execution()).toMatchObject({ status: 'queued', effective_at: new Date(at(600)) });
    await given(
      [early],
      [create(d.ExecutionQueuedSchema, { ...run, nextAttempt: 1, queuedAtMs: at(600) })],
      [released(1, 1, 600)],
      [accepted(1, 1, 601)],
    );
    expect(await execution()).toMatchObject({
      status: 'running',
      started_at: new Date(at(601)),
      effective_at: new Date(at(600)),
    });
  });

  test.each([
    ['overlap', d.SkipCause.OVERLAP],
    ['buffer_full', d.SkipCause.BUFFER_FULL],
    ['superseded', d.SkipCause.SUPERSEDED],
  ])(
    'that waited can still be skipped, keeps what it was, and counts as no run: %s',
    async (word, cause) => {
      const skipped = create(d.ExecutionSkippedSchema, {
        ...run,
        taskId: 'report',
        cause,
        blockingExecutionId: 'run-2',
        skippedAtMs: at(9),
      });
      await given([requested()], [skipped], [finished(d.ExecutionStatus.SUCCESS, 12)]);
      expect(await execution()).toMatchObject({
        status: 'skipped',
        skip_cause: word,
        blocking_execution_id: 'run-2',
        task_name: 'Daily report',
        requested_at: new Date(T0),
        ended_at: new Date(at(9)),
        duration_ms: null,
        position: 2,
      });
      expect(await hours()).toEqual([]);
      expect(await db.selectFrom('task_stats').selectAll().execute()).toEqual([]);
    },
  );

  test('may carry what Postgres cannot', async () => {
    const poisoned = closed(1, 1, 5, a.AttemptOutcome.FAILED);
    poisoned.outputJson = `{"text":"\\u0000\\udfff","n":-1e400}`;
    poisoned.error = create(a.AttemptErrorSchema, { code: 'X', message: 'nul \0', stack: '' });
    await given(...succeeded.slice(0, 2), [poisoned]);
    expect(await execution()).toMatchObject({
      output: { text: '\ufffd\ufffd', n: '-1e400' },
      error: { code: 'X', message: 'nul \ufffd' },
    });
  });
});

describe('the figures of a task', () => {
  const whole = (id: string, second: number, status: d.ExecutionStatus): DispatchEvent[][] => [
    [requested(of(id), second), released(1, 1, second, of(id))],
    [accepted(1, 1, second + 1, of(id))],
    [finished(status, second + 3, of(id), failure)],
  ];

  test('count its ended runs, and failures in a row', async () => {
    await given(
      ...whole('one', 0, d.ExecutionStatus.SUCCESS),
      ...whole('two', 10, d.ExecutionStatus.FAILED),
      ...whole('three', 20, d.ExecutionStatus.TIMEOUT),
      ...whole('four', 30, d.ExecutionStatus.CANCELLED),
    );
    expect(await stats()).toEqual({
      account: ACCOUNT,
      task_id: 'report',
      total_runs: 4,
      successful_runs: 1,
      failed_runs: 2,
      duration_sum_ms: 8_000,
      duration_count: 4,
      consecutive_failures: 2,
      last_execution_id: 'four',
      last_started_at: new Date(at(31)),
      last_status: 'cancelled',
      last_duration_ms: 2_000,
      last_failure_at: new Date(at(23)),
    });
    expect(await hours()).toEqual(
      ['cancelled', 'failed', 'success', 'timeout'].map((status) => ({
        account: ACCOUNT,
        hour: new Date(T0),
        status,
        count: 1,
      })),
    );
  });

  test('show the run that started last, also while it runs and when an older one ends after it', async () => {
    const [request, start, end] = whole('old', 0, d.ExecutionStatus.FAILED) as [
      DispatchEvent[],
      DispatchEvent[],
      DispatchEvent[],
    ];
    await given(request, start, ...whole('new', 5, d.ExecutionStatus.SUCCESS).slice(0, 2), end);
    expect(await stats()).toMatchObject({
      last_execution_id: 'new',
      last_status: 'running',
      last_duration_ms: null,
      consecutive_failures: 1,
    });
  });
});

describe('a backfill', () => {
  const backfill = { backfillId: 'b1', account: ACCOUNT };
  const started = create(d.BackfillStartedSchema, {
    ...backfill,
    taskId: 'report',
    scheduleId: 's1',
    slots: [{ dueAtMs: at(-60) }, { dueAtMs: at(-120) }, { dueAtMs: at(-90) }],
    concurrency: 2,
    note: 'the export was empty',
    startedAtMs: T0,
  });
  const change = (how: d.BackfillChange) =>
    create(d.BackfillChangedSchema, { ...backfill, change: how, changedAtMs: at(5) });
  const runOf = (id: string) => {
    const event = requested(of(id));
    event.trigger = d.Trigger.BACKFILL;
    event.backfillId = 'b1';
    return event;
  };
  const row = () => db.selectFrom('backfill').selectAll().executeTakeFirstOrThrow();

  test('shows what it is to run, and how its runs ended, each counted once', async () => {
    await given(
      [started, started],
      [runOf('run-1'), runOf('run-2'), runOf('run-3'), requested(of('run-4'))],
      [finished(d.ExecutionStatus.SUCCESS, 5), finished(d.ExecutionStatus.FAILED, 6)],
      [finished(d.ExecutionStatus.TIMEOUT, 7, of('run-2'))],
      [finished(d.ExecutionStatus.CANCELLED, 8, of('run-3'))],
      [finished(d.ExecutionStatus.SUCCESS, 9, of('run-4'))],
      [create(d.BackfillFinishedSchema, { ...backfill, finishedAtMs: at(8) })],
    );
    expect(await row()).toEqual({
      account: ACCOUNT,
      id: 'b1',
      task_id: 'report',
      schedule_id: 's1',
      slots: 3,
      first_due_at: new Date(at(-120)),
      last_due_at: new Date(at(-60)),
      concurrency: 2,
      note: 'the export was empty',
      author: 'alice',
      status: 'finished',
      requested: 3,
      succeeded: 1,
      failed: 1,
      cancelled: 1,
      started_at: new Date(T0),
      finished_at: new Date(at(8)),
      position: 7,
    });
    expect(await execution()).toMatchObject({ trigger: 'backfill', backfill_id: 'b1' });
  });

  test('can be paused and resumed; a cancelled one stays cancelled when it has finished', async () => {
    await given([started], [change(d.BackfillChange.PAUSE)]);
    expect(await row()).toMatchObject({ status: 'paused', finished_at: null });
    await given([started], [change(d.BackfillChange.PAUSE), change(d.BackfillChange.RESUME)]);
    expect(await row()).toMatchObject({ status: 'running' });
    await given(
      [started],
      [change(d.BackfillChange.CANCEL), change(d.BackfillChange.RESUME)],
      [create(d.BackfillFinishedSchema, { ...backfill, finishedAtMs: at(8) })],
    );
    expect(await row()).toMatchObject({ status: 'cancelled', finished_at: new Date(at(8)) });
  });
});
