import {
  type attempt as a,
  create,
  type DispatchEvent,
  dispatch as d,
  type envelope,
} from '#libs/contracts';
import type { Execution } from './state.js';

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
  emit(
    of(
      execution,
      create(d.ExecutionFinishedSchema, {
        executionId: execution.id,
        account: execution.account,
        taskId: execution.spec.taskId,
        status,
        endedAtMs,
        attempts: execution.attempt,
        ...(error === undefined ? {} : { error }),
      }),
    ),
  );
}
