/** After an attempt: another one, or the end, and a dead letter with a bad one. */
import { attempt as a, create, dispatch as d, task as t } from '#libs/contracts';
import { type Emit, finish, of } from '../emit.js';
import type { Execution } from '../execution.js';
import { POISON_CRASHES } from '../limits.js';
import type { DispatchState } from '../state.js';
import { exceeded, totalDeadlineMs } from './exceeded.js';
import { type BadEnd, fail } from './fail.js';
import { type Failure, isFinal, isFreeHandBack, jitteredDelayMs } from './retry.js';

/** When the attempt ended by its worker's clock, and what the owner's clock says now. */
export interface Instants {
  readonly endedAtMs: number;
  readonly nowMs: number;
}

const NO_RETRIES = create(t.RetryPolicySchema);

export function settle(
  state: DispatchState,
  execution: Execution,
  failure: Failure,
  { endedAtMs, nowMs }: Instants,
  emit: Emit,
): void {
  const { outcome, error } = failure;
  if (outcome === a.AttemptOutcome.SUCCEEDED) {
    finish(execution, d.ExecutionStatus.SUCCESS, undefined, endedAtMs, emit);
    return;
  }
  if (execution.deadlinePassed) {
    fail(state, execution, exceeded(execution), endedAtMs, emit);
    return;
  }
  if (execution.cancelledAtMs > 0 || outcome === a.AttemptOutcome.CANCELLED) {
    finish(execution, d.ExecutionStatus.CANCELLED, error, endedAtMs, emit);
    return;
  }
  const verdict = verdictOn(execution, failure, nowMs);
  if (typeof verdict === 'object') {
    fail(state, execution, verdict, endedAtMs, emit);
    return;
  }
  const planned = {
    executionId: execution.id,
    account: execution.account,
    nextAttempt: execution.ended + 1,
    dueAtMs: verdict,
  };
  emit(of(execution, create(d.RetryPlannedSchema, planned)));
}

/** When the next attempt is due, by the owner's clock; or why there is none. */
function verdictOn(execution: Execution, failure: Failure, nowMs: number): number | BadEnd {
  const { outcome, error } = failure;
  if (isFreeHandBack(failure, execution.sharedLosses)) return nowMs;
  const retry = execution.spec.settings?.retryPolicy ?? NO_RETRIES;
  const timedOut = outcome === a.AttemptOutcome.TIMED_OUT;
  const status = timedOut ? d.ExecutionStatus.TIMEOUT : d.ExecutionStatus.FAILED;
  const bad = (cause: d.DeadLetterCause): BadEnd => ({ status, error, cause });
  if (execution.crashes >= POISON_CRASHES) return bad(d.DeadLetterCause.POISON);
  if (isFinal(retry, failure)) return bad(d.DeadLetterCause.FINAL);
  // A run goes on after its last recorded step.
  if (execution.run !== undefined && failure.lost && execution.failures === 0) return nowMs;
  if (execution.failures > retry.maxRetries) return bad(d.DeadLetterCause.EXHAUSTED);
  const dueAtMs = nowMs + jitteredDelayMs(retry, execution.failures, execution.id);
  return dueAtMs < totalDeadlineMs(execution) ? dueAtMs : exceeded(execution, error);
}
