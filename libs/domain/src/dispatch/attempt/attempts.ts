/** What becomes of an attempt: its start, its end, its loss, and the next one. */

import { type AttemptFact, attempt as a, create, dispatch as d } from '#libs/contracts';
import { impossible } from '../../decider.js';
import { type Emit, finish, of } from '../emit.js';
import type { Execution } from '../execution.js';
import { DECLINED_PAUSE_MS, DUE_PER_DECISION } from '../limits.js';
import { mayQueue } from '../overlap.js';
import { snooze } from '../run/snooze.js';
import type { DispatchState } from '../state.js';
import { chargeFor } from './charge.js';
import { meetDeadline } from './deadlines.js';
import { exceeded } from './exceeded.js';
import { fail } from './fail.js';
import { settle } from './settle.js';

export function onSilence(
  state: DispatchState,
  { workerId }: d.WorkerSilence,
  nowMs: number,
  emit: Emit,
): void {
  for (const id of [...state.fleet.heldBy(workerId)]) {
    const execution = state.executions.get(id);
    if (execution !== undefined) lose(state, execution, d.LossCause.WORKER_SILENT, nowMs, emit);
  }
}

/** Facts come first: what its worker had told of it by then says that it was claimed after all. */
export function onUnclaimed(
  state: DispatchState,
  { executionId, fence, begun }: d.UnclaimedOffer,
  nowMs: number,
  emit: Emit,
): void {
  const execution = state.executions.get(executionId);
  if (execution?.fence !== fence) return;
  const { UNCLAIMED, FORGOTTEN } = d.LossCause;
  if (execution.phase === 'offered') lose(state, execution, UNCLAIMED, nowMs, emit);
  else if (execution.phase === 'running' && begun) lose(state, execution, FORGOTTEN, nowMs, emit);
}

/** Everything that a silent worker was given is lost, for it may have begun it: that consumes a retry. */
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
  if (cause === d.LossCause.UNCLAIMED || cause === d.LossCause.DECLINED) {
    if (execution.deadlinePassed) fail(state, execution, exceeded(execution), nowMs, emit);
    else if (execution.cancelledAtMs > 0)
      finish(execution, d.ExecutionStatus.CANCELLED, undefined, nowMs, emit);
    else if (cause === d.LossCause.DECLINED) waitAMoment(execution, nowMs, emit);
    return;
  }
  const error = create(a.AttemptErrorSchema, lossError(cause, workerId));
  const failure = { outcome: a.AttemptOutcome.FAILED, lost: true, error };
  settle(state, execution, failure, { endedAtMs: nowMs, nowMs }, emit);
}

function lossError(cause: d.LossCause, workerId: string): { code: string; message: string } {
  switch (cause) {
    case d.LossCause.OVERDUE:
      return {
        code: 'ATTEMPT_OVERDUE',
        message: `Worker ${workerId} told no end of the attempt.`,
      };
    case d.LossCause.FORGOTTEN:
      return {
        code: 'ATTEMPT_FORGOTTEN',
        message: `Worker ${workerId} lives, and no longer has the attempt that it began.`,
      };
    default:
      return {
        code: 'WORKER_LOST',
        message: `Worker ${workerId} fell silent during the attempt.`,
      };
  }
}

/** The room that its worker had was taken, and the worker will say so: an offer at once would race it again. */
function waitAMoment(execution: Execution, nowMs: number, emit: Emit): void {
  const { id: executionId, account, ended } = execution;
  const dueAtMs = nowMs + DECLINED_PAUSE_MS;
  const planned = { executionId, account, nextAttempt: ended + 1, dueAtMs };
  emit(of(execution, create(d.RetryPlannedSchema, planned)));
}

export function onFact(state: DispatchState, fact: AttemptFact, nowMs: number, emit: Emit): void {
  const execution = state.executions.get(fact.executionId);
  const isCurrent = execution?.fence === fact.fence;
  if (isCurrent && execution.phase === 'offered' && isHandedBack(fact)) {
    lose(state, execution, d.LossCause.DECLINED, nowMs, emit);
    return;
  }
  const wanted = fact.$typeName === 'attempt.v1.AttemptStarted' ? 'offered' : 'running';
  if (!isCurrent || execution.phase !== wanted) {
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
      const { endedAtMs, outcome, error, outputJson, artifacts, usage, snooze: told } = fact;
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
            ...chargeFor(state, execution, fact, nowMs),
            ...(told && { snooze: told }),
          }),
        ),
      );
      const isStopped = execution.cancelledAtMs > 0 || execution.deadlinePassed;
      if (outcome === a.AttemptOutcome.SNOOZED && !isStopped) {
        snooze(execution, told, nowMs, emit);
        return;
      }
      settle(state, execution, { outcome, lost: false, error }, { endedAtMs, nowMs }, emit);
      return;
    }
    default:
      impossible(fact);
  }
}

function isHandedBack(fact: AttemptFact): boolean {
  return (
    fact.$typeName === 'attempt.v1.AttemptEnded' && fact.outcome === a.AttemptOutcome.HANDED_BACK
  );
}

/** Deadlines, attempts without an end, and those whose instant has come: in the order of falling due. */
export function onTime(state: DispatchState, nowMs: number, emit: Emit): void {
  for (const id of state.due.take(nowMs, DUE_PER_DECISION)) {
    const execution = state.executions.get(id);
    if (execution === undefined) continue;
    onDue(state, execution, nowMs, emit);
    if (state.executions.has(id)) state.due.note(execution);
  }
}

function onDue(state: DispatchState, execution: Execution, nowMs: number, emit: Emit): void {
  const { id: executionId, account, phase, attempt, ended } = execution;
  if (meetDeadline(state, execution, nowMs, emit)) return;
  if (phase !== 'waiting') {
    lose(state, execution, d.LossCause.OVERDUE, nowMs, emit);
    return;
  }
  if (attempt === 0 && !mayQueue(state, execution, nowMs, emit)) return;
  const queued = { executionId, account, nextAttempt: ended + 1, queuedAtMs: nowMs };
  emit(of(execution, create(d.ExecutionQueuedSchema, queued)));
}
