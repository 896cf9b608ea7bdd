import {
  attempt as a,
  create,
  type DomainEvent,
  dispatch as d,
  log,
  tick,
  workflow as w,
} from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import { definitionFrom, OPEN_JSON, WORDS } from './definition-history.js';
import { ACCOUNT, SUBJECT_OF, stored, T0 } from './recorded.js';

/** The same numbers for the same seed, on every machine (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TASKS = 6;

/**
 * A history of all streams in which everything happens that may happen, also what should not: facts
 * of executions that never were, second ends, chunks told twice, strings that Postgres cannot hold.
 */
export function randomHistory(seed: number, commits: number): StoredCommit[] {
  const random = randomFrom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const someJson = () => pick(OPEN_JSON);
  const seqs = { DEFINITIONS: 0, TICKS: 0, DISPATCH: 0, LOGS: 0, RUNS: 0 };

  const slotRef = () => ({
    scheduleId: `s${below(3)}`,
    scheduleRevision: 1,
    local: `2026-11-23T${below(24)}:${below(60)}:00`,
    pass: below(2),
    zone: 'UTC',
    dueAtMs: T0 + below(100) * 1_000,
  });
  const decided = (): DomainEvent =>
    create(tick.SlotsDecidedSchema, {
      slots: Array.from({ length: below(6) }, () => ({
        ...slotRef(),
        account: ACCOUNT,
        taskId: `t${below(TASKS)}`,
        effectiveAtMs: T0 + below(100),
        outcome: 1 + below(3),
        cause: below(12),
        calendarId: random() < 0.2 ? `c${below(3)}` : '',
        calendarVersion: below(4),
        mergedInto: random() < 0.2 ? `s${below(3)}` : '',
        maintenanceId: random() < 0.2 ? `m${below(3)}` : '',
        executionId: random() < 0.5 ? `run-${below(60)}` : '',
      })),
    });

  const journal = (): DomainEvent => {
    const run = { executionId: `run-${below(60)}`, account: ACCOUNT };
    const attempt = { ...run, attempt: 1 + below(2), fence: 1 + below(3) };
    const atMs = T0 + below(10_000_000);
    const backfill = { backfillId: `b${below(4)}`, account: ACCOUNT };
    const redrive = { redriveId: `r${below(3)}`, account: ACCOUNT };
    const error = { code: 'X', message: pick(WORDS), stack: pick(WORDS) };
    return pick<() => DomainEvent>([
      () =>
        create(d.ExecutionRequestedSchema, {
          ...run,
          trigger: below(7),
          spec: { taskId: `t${below(TASKS)}`, taskName: pick(WORDS), parametersJson: someJson() },
          requestedAtMs: atMs,
          nominalAtMs: atMs,
          effectiveAtMs: random() < 0.5 ? 0 : atMs + 60_000,
          backfillId: random() < 0.5 ? backfill.backfillId : '',
          redriveOf: random() < 0.3 ? `run-${below(60)}` : '',
          redriveId: random() < 0.3 ? redrive.redriveId : '',
        }),
      () =>
        create(d.ExecutionSkippedSchema, {
          ...run,
          slot: slotRef(),
          cause: below(7),
          skippedAtMs: atMs,
        }),
      () => create(d.AttemptReleasedSchema, { ...attempt, releasedAtMs: atMs }),
      () => create(d.AttemptAcceptedSchema, { ...attempt, workerId: 'w', startedAtMs: atMs }),
      () =>
        create(d.AttemptClosedSchema, {
          ...attempt,
          outcome: below(6) as a.AttemptOutcome,
          outputJson: someJson(),
          error,
          endedAtMs: atMs,
        }),
      () => create(d.AttemptLostSchema, { ...attempt, cause: 1 + below(3), lostAtMs: atMs }),
      () => create(d.RetryPlannedSchema, { ...run, dueAtMs: atMs }),
      () => create(d.ExecutionQueuedSchema, { ...run, queuedAtMs: atMs }),
      () => create(d.CancelRequestedSchema, run),
      () =>
        create(d.ExecutionFinishedSchema, { ...run, status: 1 + below(4), endedAtMs: atMs, error }),
      () => create(d.StaleFactIgnoredSchema, attempt),
      () =>
        create(d.BackfillStartedSchema, {
          ...backfill,
          slots: Array.from({ length: below(3) }, slotRef),
          note: pick(WORDS),
          startedAtMs: atMs,
        }),
      () => create(d.BackfillChangedSchema, { ...backfill, change: below(4) }),
      () => create(d.BackfillFinishedSchema, { ...backfill, finishedAtMs: atMs }),
      () => create(d.DeadlinePassedSchema, { ...run, passedAtMs: atMs }),
      () =>
        create(d.ExecutionDeadLetteredSchema, { ...run, cause: below(6), error, diedAtMs: atMs }),
      () =>
        create(d.DeadLettersDiscardedSchema, {
          account: ACCOUNT,
          executionIds: [`run-${below(60)}`, `run-${below(60)}`],
          cause: below(3),
          note: pick(WORDS),
          discardedAtMs: atMs,
        }),
      () => create(d.RedriveStartedSchema, { ...redrive, note: pick(WORDS), startedAtMs: atMs }),
      () => create(d.DeadLetterPassedOverSchema, { ...redrive, deadLetterId: run.executionId }),
      () => create(d.RedriveCancelledSchema, { ...redrive, cancelledAtMs: atMs }),
      () => create(d.RedriveFinishedSchema, { ...redrive, finishedAtMs: atMs }),
    ])();
  };

  const chunk = (): DomainEvent =>
    create(log.LogChunkSchema, {
      account: ACCOUNT,
      executionId: `run-${below(20)}`,
      attempt: 1,
      fence: 1,
      firstLine: 1 + below(40) * 3,
      lines: Array.from({ length: 1 + below(3) }, () => ({
        atMs: T0 + below(1_000),
        level: below(5),
        message: pick(WORDS),
        metadataJson: someJson(),
      })),
    });

  const fact = (): DomainEvent => {
    const step = { path: `/do/${below(9)}`, iteration: pick([[], [below(3)]]) };
    const told = { step, atMs: T0 + below(90_000) };
    return pick([
      () => create(w.StepStartedSchema, { ...told, attempt: below(3), workerId: pick(WORDS) }),
      () => create(w.StepFinishedSchema, { ...told, outputJson: someJson() }),
      () => create(w.StepFailedSchema, { ...told, error: { title: pick(WORDS), status: 500 } }),
      () => create(w.WaitStartedSchema, { ...told, purpose: below(4), untilMs: T0 }),
      () => create(w.ListenStartedSchema, told),
      () => create(w.TimerFiredSchema, { ...told, purpose: below(4) }),
    ])();
  };

  return Array.from({ length: commits }, () => {
    const stream = pick(['DEFINITIONS', 'TICKS', 'DISPATCH', 'DISPATCH', 'LOGS', 'RUNS'] as const);
    const definition = definitionFrom(random);
    const make = {
      DEFINITIONS: definition.event,
      TICKS: decided,
      DISPATCH: journal,
      LOGS: chunk,
      RUNS: fact,
    }[stream];
    const subject = {
      DEFINITIONS: definition.subject,
      TICKS: SUBJECT_OF.tick,
      DISPATCH: SUBJECT_OF.dispatch,
      LOGS: SUBJECT_OF.log('run'),
      RUNS: `run.0.run-${below(9)}`,
    }[stream];
    const events = Array.from({ length: 1 + below(4) }, make);
    // A filtered reading, or one of several shards, sees gaps.
    seqs[stream] += 1 + below(2);
    return stored({ stream, subject, events, seq: seqs[stream], at: seqs[stream] });
  });
}
