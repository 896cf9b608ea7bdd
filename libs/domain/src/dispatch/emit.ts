import {
  type attempt as a,
  create,
  type DispatchEvent,
  dispatch as d,
  type envelope,
} from '#libs/contracts';
import type { Execution } from './execution.js';

/** An event, with the execution it belongs to and who stands behind it. */
export interface DecidedEvent {
  readonly event: DispatchEvent;
  readonly account: string;
  readonly executionId: string;
  readonly actor?: envelope.Actor;
  readonly causationId?: string;
}

/** Records an event and evolves the state by it. */
export type Emit = (decided: DecidedEvent) => void;

export function of(execution: Execution, event: DispatchEvent): DecidedEvent {
  return { event, account: execution.account, executionId: execution.id };
}

export function finish(
  execution: Execution,
  status: d.ExecutionStatus,
  error: a.AttemptError | undefined,
  endedAtMs: number,
  emit: Emit,
): void {
  const { computeCostMicros, apiCostMicros, currency } = execution;
  emit(
    of(
      execution,
      create(d.ExecutionFinishedSchema, {
        executionId: execution.id,
        account: execution.account,
        taskId: execution.spec.taskId,
        computeCostMicros,
        apiCostMicros,
        currency,
        status,
        endedAtMs,
        attempts: execution.attempt,
        ...(error === undefined ? {} : { error }),
      }),
    ),
  );
}

export interface Cancellation {
  readonly reason: string;
  readonly commandId: string;
  readonly commandDigest?: string;
  readonly force: boolean;
  readonly actor?: envelope.Actor;
}

/**
 * Ends what waits at once; what runs is asked to end. A second cancel changes nothing, unless it takes
 * away the grace that the first one gave.
 */
export function cancel(
  execution: Execution,
  { reason, commandId, commandDigest = '', force, actor }: Cancellation,
  nowMs: number,
  emit: Emit,
): void {
  if (execution.cancelledAtMs > 0 && (execution.force || !force)) return;
  const { id: executionId, account } = execution;
  const by = actor === undefined ? {} : { actor };
  emit({
    account,
    executionId,
    ...by,
    causationId: commandId,
    event: create(d.CancelRequestedSchema, {
      executionId,
      account,
      reason,
      commandId,
      commandDigest,
      force,
      requestedAtMs: nowMs,
      ...by,
    }),
  });
  if (execution.phase === 'queued' || execution.phase === 'waiting')
    finish(execution, d.ExecutionStatus.CANCELLED, undefined, nowMs, emit);
}
