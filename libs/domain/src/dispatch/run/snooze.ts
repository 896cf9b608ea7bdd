/**
 * A run of a workflow that has nothing to do waits without a slot, and costs no retry. A time, an event
 * that was written into it, or the end of a child wakes it. What came while its worker was about to
 * snooze is told by sequence: an event beyond what the worker had read wakes it at once.
 */
import { type attempt as a, create, dispatch as d } from '#libs/contracts';
import { type Emit, of } from '../emit.js';
import type { Execution } from '../execution.js';
import type { DispatchState } from '../state.js';

export function snooze(
  execution: Execution,
  told: a.Snooze | undefined,
  nowMs: number,
  emit: Emit,
): void {
  const { id: executionId, account, run } = execution;
  const { untilMs = 0, listens = false, children = 0, runSeq = 0 } = told ?? {};
  const snoozed = { executionId, account, untilMs, listens, children, snoozedAtMs: nowMs };
  emit(of(execution, create(d.ExecutionSnoozedSchema, snoozed)));
  if (run === undefined || run.ends.length > 0 || run.wokenSeq > runSeq)
    rouse(execution, nowMs, emit);
}

/** Back into the queue, if it snoozes. */
export function rouse(execution: Execution, nowMs: number, emit: Emit): void {
  if (execution.phase !== 'waiting' || execution.run?.snoozed === undefined) return;
  const { id: executionId, account, ended } = execution;
  const queued = { executionId, account, nextAttempt: ended + 1, queuedAtMs: nowMs };
  emit(of(execution, create(d.ExecutionQueuedSchema, queued)));
}

/** False: it is not open, is no run of a workflow, or of another account. */
export function wake(
  state: DispatchState,
  { account, id: commandId }: d.Command,
  { executionId, runSeq }: d.WakeExecution,
  nowMs: number,
  emit: Emit,
): boolean {
  const execution = state.executions.get(executionId);
  if (execution?.run === undefined || execution.account !== account) return false;
  if (execution.run.wokenSeq >= runSeq) return true;
  const woken = { executionId, account, runSeq, wokenAtMs: nowMs, commandId };
  emit({
    ...of(execution, create(d.ExecutionWokenSchema, woken)),
    causationId: commandId,
  });
  rouse(execution, nowMs, emit);
  return true;
}
