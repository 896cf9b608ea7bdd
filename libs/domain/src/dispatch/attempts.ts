/** What becomes of an attempt: its start, its end, its loss, and the next one. */
import { type AttemptFact, attempt as a, create, dispatch as d } from '#libs/contracts';
import { impossible } from '../decider.js';
import { deadlineMs, meetDeadline } from './deadlines.js';
import { type Emit, finish, of } from './emit.js';
import { exceeded } from './exceeded.js';
import type { Execution } from './execution.js';
import { fail } from './fail.js';
import {
  CANCEL_OVERDUE_AFTER_MS,
  DUE_PER_DECISION,
  OVERDUE_AFTER_MS,
  UNCLAIMED_AFTER_MS,
} from './limits.js';
import { mayQueue } from './overlap.js';
import { settle } from './settle.js';
import type { DispatchState } from './state.js';

export function onSilence(
  state: DispatchState,
  { workerId }: d.WorkerSilence,
  nowMs: number,
  emit: Emit,
): void {
  for (const id of [...state.timed]) {
    const execution = state.executions.get(id);
    if (execution?.phase === 'running' && execution.workerId === workerId)
      lose(state, execution, d.LossCause.WORKER_SILENT, nowMs, emit);
  }
}

function lose(
  state: DispatchState,
  execution: Execution,
  cause: d.LossCause,
  nowMs: number,
  emit: Emit,
): void {
  const { id, account, attempt, fence, workerId } = execution;
  emit(
    of(
      execution,
      create(d.AttemptLostSchema, {
        executionId: id,
        account,
        attempt,
        fence,
        workerId,
        cause,
        lostAtMs: nowMs,
      }),
    ),
  );
  if (cause === d.LossCause.UNCLAIMED) {
    if (execution.deadlinePassed) fail(state, execution, exceeded(execution), nowMs, emit);
    else if (execution.cancelledAtMs > 0)
      finish(execution, d.ExecutionStatus.CANCELLED, undefined, nowMs, emit);
    return;
  }
  const error = create(a.AttemptErrorSchema, {
    code: cause === d.LossCause.OVERDUE ? 'ATTEMPT_OVERDUE' : 'WORKER_LOST',
    message:
      cause === d.LossCause.OVERDUE
        ? `Worker ${workerId} told no end of the attempt.`
        : `Worker ${workerId} fell silent during the attempt.`,
  });
  const failure = { outcome: a.AttemptOutcome.FAILED, lost: true, error };
  settle(state, execution, failure, { endedAtMs: nowMs, nowMs }, emit);
}

export function onFact(state: DispatchState, fact: AttemptFact, nowMs: number, emit: Emit): void {
  const execution = state.executions.get(fact.executionId);
  const wanted = fact.$typeName === 'attempt.v1.AttemptStarted' ? 'offered' : 'running';
  if (execution === undefined || execution.fence !== fact.fence || execution.phase !== wanted) {
    const { executionId, account, attempt, fence, workerId } = fact;
    emit({
      account,
      executionId,
      event: create(d.StaleFactIgnoredSchema, {
        executionId,
        account,
        attempt,
        fence,
        workerId,
        factType: fact.$typeName,
        toldAtMs: 'startedAtMs' in fact ? fact.startedAtMs : fact.endedAtMs,
      }),
    });
    return;
  }
  const { executionId, attempt, fence, workerId } = fact;
  const { account } = execution;
  switch (fact.$typeName) {
    case 'attempt.v1.AttemptStarted':
      emit(
        of(
          execution,
          create(d.AttemptAcceptedSchema, {
            executionId,
            account,
            attempt,
            fence,
            workerId,
            startedAtMs: fact.startedAtMs,
          }),
        ),
      );
      return;
    case 'attempt.v1.AttemptEnded': {
      const { endedAtMs, outcome, error, outputJson, artifacts, usage } = fact;
      emit(
        of(
          execution,
          create(d.AttemptClosedSchema, {
            executionId,
            account,
            attempt,
            fence,
            workerId,
            endedAtMs,
            outcome,
            error,
            outputJson,
            artifacts,
            usage,
          }),
        ),
      );
      settle(state, execution, { outcome, lost: false, error }, { endedAtMs, nowMs }, emit);
      return;
    }
    default:
      impossible(fact);
  }
}

/** Offers that nobody claimed, attempts without an end, retries that are due: in the order of falling due. */
export function onTime(state: DispatchState, nowMs: number, emit: Emit): void {
  const due = [...state.timed]
    .map((id) => state.executions.get(id))
    .filter((execution) => execution !== undefined && dueAtMs(execution) <= nowMs) as Execution[];
  due.sort((one, other) => dueAtMs(one) - dueAtMs(other) || (one.id < other.id ? -1 : 1));
  for (const execution of due.slice(0, DUE_PER_DECISION)) {
    if (meetDeadline(state, execution, nowMs, emit)) continue;
    if (execution.phase === 'offered') lose(state, execution, d.LossCause.UNCLAIMED, nowMs, emit);
    else if (execution.phase === 'running')
      lose(state, execution, d.LossCause.OVERDUE, nowMs, emit);
    else if (execution.attempt > 0 || mayQueue(state, execution, nowMs, emit))
      emit(
        of(
          execution,
          create(d.ExecutionQueuedSchema, {
            executionId: execution.id,
            account: execution.account,
            nextAttempt: execution.ended + 1,
            queuedAtMs: nowMs,
          }),
        ),
      );
  }
}

/** When the execution needs a decision, if nothing comes before. */
export function dueAtMs(execution: Execution): number {
  return Math.min(deadlineMs(execution), nextStepMs(execution));
}

function nextStepMs(execution: Execution): number {
  switch (execution.phase) {
    case 'queued':
      return Number.POSITIVE_INFINITY;
    case 'offered':
      return execution.offeredAtMs + UNCLAIMED_AFTER_MS;
    case 'running': {
      const { timeoutMs = 0, stopGraceMs = 0 } = execution.spec.settings ?? {};
      const overdue = execution.acceptedAtMs + timeoutMs + stopGraceMs + OVERDUE_AFTER_MS;
      return execution.cancelledAtMs > 0
        ? Math.min(overdue, execution.cancelledAtMs + stopGraceMs + CANCEL_OVERDUE_AFTER_MS)
        : overdue;
    }
    case 'waiting':
      return execution.waitUntilMs;
    default:
      return impossible(execution.phase);
  }
}
