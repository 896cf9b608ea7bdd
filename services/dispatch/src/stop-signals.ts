import type { NatsConnection } from '@nats-io/transport-node';
import { create, subjects, toBinary, worker as w } from '#libs/contracts';
import type { DecidedEvent, DispatchState } from '#libs/domain';

/**
 * Tells workers which attempts to end. A signal may be lost, so whatever still holds is told again at
 * the next heartbeat of the worker.
 */
export class StopSignals {
  readonly #nc: NatsConnection;
  readonly #shard: number;

  constructor(nc: NatsConnection, shard: number) {
    this.#nc = nc;
    this.#shard = shard;
  }

  /** After a commit: attempts that were cancelled or passed their deadline, and starts that came too late. */
  afterCommit(state: DispatchState, events: readonly DecidedEvent[]): void {
    for (const { event } of events) {
      if (
        event.$typeName === 'dispatch.v1.CancelRequested' ||
        event.$typeName === 'dispatch.v1.DeadlinePassed' ||
        event.$typeName === 'dispatch.v1.AttemptAccepted'
      ) {
        const execution = state.executions.get(event.executionId);
        if (execution !== undefined && execution.workerId !== '' && execution.cancelledAtMs > 0)
          this.#stop(
            execution.workerId,
            execution.id,
            execution.fence,
            w.StopCause.CANCELLED,
            execution.force,
          );
      } else if (
        event.$typeName === 'dispatch.v1.StaleFactIgnored' &&
        event.factType === 'attempt.v1.AttemptStarted'
      ) {
        this.#stop(event.workerId, event.executionId, event.fence, w.StopCause.SUPERSEDED);
      }
    }
  }

  /** What a worker says it runs, held against what it should run. */
  onHeartbeat(state: DispatchState, heartbeat: w.Heartbeat): void {
    for (const { executionId, fence, cause, force } of stopsFor(state, heartbeat, this.#shard))
      this.#stop(heartbeat.workerId, executionId, fence, cause, force);
  }

  #stop(
    workerId: string,
    executionId: string,
    fence: number,
    cause: w.StopCause,
    force = false,
  ): void {
    if (this.#nc.isClosed()) return;
    const signal = create(w.StopAttemptSchema, { executionId, fence, cause, force });
    this.#nc.publish(subjects.stopAttempt(workerId), toBinary(w.StopAttemptSchema, signal));
  }
}

interface Stop {
  readonly executionId: string;
  readonly fence: number;
  readonly cause: w.StopCause;
  readonly force?: boolean;
}

/**
 * A fence beyond the last one that this state has given out is a newer owner's: whoever slept over the end
 * of its term knows nothing of it, and must not end it. About older ones any prefix of the journal is
 * right, since a fence that is passed never comes back.
 */
export function* stopsFor(
  state: DispatchState,
  { workerId, running }: w.Heartbeat,
  ofShard: number,
): Iterable<Stop> {
  for (const { executionId, fence, shard } of running) {
    if (shard !== ofShard || fence > state.fence) continue;
    const execution = state.executions.get(executionId);
    if (execution?.fence !== fence || execution.workerId !== workerId)
      yield { executionId, fence, cause: w.StopCause.SUPERSEDED };
    else if (execution.cancelledAtMs > 0)
      yield { executionId, fence, cause: w.StopCause.CANCELLED, force: execution.force };
  }
}
