/** A bad end of an execution: with it goes a dead letter, unless its task wants none. */
import { attempt as a, create, dispatch as d } from '#libs/contracts';
import { type Emit, finish, of } from '../emit.js';
import type { Execution } from '../execution.js';
import { DEAD_LETTER_MESSAGE_CHARS } from '../limits.js';
import type { DispatchState } from '../state.js';

export interface BadEnd {
  readonly status: d.ExecutionStatus;
  readonly error: a.AttemptError | undefined;
  readonly cause: d.DeadLetterCause;
}

/** The dead letter comes before the end: with it the execution leaves the state. */
export function fail(
  state: DispatchState,
  execution: Execution,
  { status, error, cause }: BadEnd,
  endedAtMs: number,
  emit: Emit,
): void {
  const { id: executionId, account, spec, attempt: attempts } = execution;
  if (!spec.settings?.noDeadLetter) {
    const { code = '', message = '' } = error ?? {};
    const died = {
      executionId,
      account,
      taskId: spec.taskId,
      cause,
      attempts,
      error: create(a.AttemptErrorSchema, {
        code,
        message: message.slice(0, DEAD_LETTER_MESSAGE_CHARS),
      }),
      diedAtMs: endedAtMs,
    };
    emit(of(execution, create(d.ExecutionDeadLetteredSchema, died)));
  }
  finish(execution, status, error, endedAtMs, emit);
  makeRoom(state, account, endedAtMs, emit);
}

/** An account keeps the newest of its dead letters; what that costs is in the journal, too. */
function makeRoom(state: DispatchState, account: string, nowMs: number, emit: Emit): void {
  const executionIds = state.deadLetters.beyondRoom(account);
  if (executionIds.length === 0) return;
  const event = create(d.DeadLettersDiscardedSchema, {
    executionIds,
    account,
    cause: d.DiscardCause.ROOM,
    discardedAtMs: nowMs,
  });
  emit({ account, executionId: '', event });
}
