/**
 * Two deadlines of an execution, both counted from its request, or from its effective instant when
 * that is later: by when it has to have started, and by when it has to be done. They count on the
 * clock of the shard's owner alone; a worker's clock may say what it likes.
 */
import { create, dispatch as d } from '#libs/contracts';
import { type Emit, of } from '../emit.js';
import type { Execution } from '../execution.js';
import { namesIn } from '../spec.js';
import type { DispatchState } from '../state.js';
import { exceeded, totalDeadlineMs } from './exceeded.js';
import { fail } from './fail.js';

function startDeadlineMs({ countsFromMs, spec }: Execution): number {
  const lengthMs = spec.settings?.startDeadlineMs ?? 0;
  return lengthMs > 0 ? countsFromMs + lengthMs : Number.POSITIVE_INFINITY;
}

function isOut({ phase }: Execution): boolean {
  return phase === 'offered' || phase === 'running';
}

/**
 * The next deadline that can still be missed. An attempt that is out may have begun: its start is
 * waited for, and counts. What is being stopped already has none.
 */
export function deadlineMs(execution: Execution): number {
  const totalMs =
    execution.cancelledAtMs > 0 ? Number.POSITIVE_INFINITY : totalDeadlineMs(execution);
  const mayMissStart = execution.startedAtMs === 0 && !isOut(execution);
  return mayMissStart ? Math.min(totalMs, startDeadlineMs(execution)) : totalMs;
}

/** True when it missed one: then it has ended, or is being stopped. */
export function meetDeadline(
  state: DispatchState,
  execution: Execution,
  nowMs: number,
  emit: Emit,
): boolean {
  if (deadlineMs(execution) > nowMs) return false;
  const { id: executionId, account, spec, slot, startedAtMs } = execution;
  const totalMs = totalDeadlineMs(execution);
  if (isOut(execution)) {
    const passed = { executionId, account, deadlineAtMs: totalMs, passedAtMs: nowMs };
    emit(of(execution, create(d.DeadlinePassedSchema, passed)));
  } else if (startedAtMs === 0 && startDeadlineMs(execution) <= nowMs) {
    const skipped = {
      executionId,
      account,
      taskId: spec.taskId,
      ...namesIn(spec),
      ...(slot === undefined ? {} : { slot }),
      cause: d.SkipCause.START_DEADLINE,
      skippedAtMs: nowMs,
    };
    emit(of(execution, create(d.ExecutionSkippedSchema, skipped)));
  } else fail(state, execution, exceeded(execution), nowMs, emit);
  return true;
}
