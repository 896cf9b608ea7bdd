/** Running dead letters again, one or many, and throwing them away. */
import { create, dispatch as d, envelope } from '#libs/contracts';
import { executionIdOfRedrive, redriveIdOf } from '../../ids.js';
import { digestOf } from '../command-memory.js';
import type { Emit } from '../emit.js';
import {
  REDRIVE_BYTES_PER_DECISION,
  REDRIVE_MAX,
  REDRIVE_PER_MINUTE_MAX,
  REDRIVE_STARTS_PER_DECISION,
  REDRIVES_OPEN_MAX,
} from '../limits.js';
import { specOf } from '../spec.js';
import type { DispatchState } from '../state.js';
import type { Redrive } from './redrives.js';

export type RedriveRefusal =
  | 'task-unknown'
  | 'target-missing'
  | 'dead-letter-unknown'
  | 'dead-letters-invalid'
  | 'rate-invalid'
  | 'redrive-unknown'
  | 'too-many-redrives';

/** The id of what began, or why it is refused. */
export type Answer = { readonly id: string } | { readonly refused: RedriveRefusal };

/** Starts what is due, and finishes what is done. */
export function runRedrives(state: DispatchState, nowMs: number, emit: Emit): void {
  let bytes = 0;
  for (const redrive of [...state.redrives.all()]) {
    for (let started = 0; started < REDRIVE_STARTS_PER_DECISION; started++) {
      const id = redrive.deadLetterIds[redrive.next];
      if (id === undefined || redrive.nextAtMs > nowMs) break;
      if (bytes > REDRIVE_BYTES_PER_DECISION) return;
      bytes += runOne(state, redrive, id, nowMs, emit);
    }
    if (redrive.next >= redrive.deadLetterIds.length && redrive.open.size === 0) {
      const { id: redriveId, account } = redrive;
      const event = create(d.RedriveFinishedSchema, { redriveId, account, finishedAtMs: nowMs });
      emit({ account, executionId: redriveId, event });
    }
  }
}

/** The size of what it led to. */
function runOne(
  state: DispatchState,
  { id: redriveId, account }: Redrive,
  deadLetterId: string,
  nowMs: number,
  emit: Emit,
): number {
  const letter = state.deadLetters.get(account, deadLetterId);
  const spec = letter && specOf(state, account, letter.taskId, '', letter.parametersJson);
  if (letter === undefined || spec === undefined || typeof spec === 'string') {
    const cause =
      spec === undefined
        ? d.PassOverCause.GONE
        : spec === 'task-unknown'
          ? d.PassOverCause.TASK_DELETED
          : d.PassOverCause.TARGET_MISSING;
    const passed = { redriveId, account, deadLetterId, cause, passedAtMs: nowMs };
    emit({
      account,
      executionId: deadLetterId,
      event: create(d.DeadLetterPassedOverSchema, passed),
    });
    return 0;
  }
  const actor = create(envelope.ActorSchema, {
    kind: envelope.ActorKind.SERVICE,
    id: 'dispatch',
    origin: `redrive ${redriveId}`,
  });
  const executionId = executionIdOfRedrive(redriveId, deadLetterId);
  const event = create(d.ExecutionRequestedSchema, {
    executionId,
    account,
    trigger: d.Trigger.RETRY,
    spec,
    nominalAtMs: nowMs,
    requestedAtMs: nowMs,
    retryOf: deadLetterId,
    redriveOf: deadLetterId,
    redriveId,
    actor,
  });
  emit({ account, executionId, actor, event });
  return letter.parametersJson.length;
}

export function startRedrive(
  state: DispatchState,
  command: d.Command,
  { executionIds, perMinute, note }: d.StartRedrive,
  nowMs: number,
  emit: Emit,
): Answer {
  const { account, id: commandId } = command;
  const deadLetterIds = [...new Set(executionIds)];
  if (deadLetterIds.length === 0 || deadLetterIds.length > REDRIVE_MAX)
    return { refused: 'dead-letters-invalid' };
  if (perMinute < 1 || perMinute > REDRIVE_PER_MINUTE_MAX) return { refused: 'rate-invalid' };
  if (state.redrives.openOf(account) >= REDRIVES_OPEN_MAX) return { refused: 'too-many-redrives' };
  if (!deadLetterIds.some((id) => state.deadLetters.get(account, id)))
    return { refused: 'dead-letter-unknown' };
  const redriveId = redriveIdOf(commandId);
  const started = { redriveId, account, deadLetterIds, perMinute, note, commandId };
  const event = create(d.RedriveStartedSchema, {
    ...started,
    startedAtMs: nowMs,
    commandDigest: digestOf(command),
  });
  emit({ account, executionId: redriveId, ...by(command), event });
  return { id: redriveId };
}

export function cancelRedrive(
  state: DispatchState,
  command: d.Command,
  { redriveId }: d.CancelRedrive,
  nowMs: number,
  emit: Emit,
): Answer {
  const { account, id: commandId } = command;
  const redrive = state.redrives.get(redriveId);
  if (redrive === undefined || redrive.account !== account) return { refused: 'redrive-unknown' };
  const event = create(d.RedriveCancelledSchema, {
    redriveId,
    account,
    cancelledAtMs: nowMs,
    commandId,
    commandDigest: digestOf(command),
  });
  emit({ account, executionId: redriveId, ...by(command), event });
  return { id: redriveId };
}

/** Those of them that are there. */
export function discardDeadLetters(
  state: DispatchState,
  command: d.Command,
  { executionIds: asked, note }: d.DiscardDeadLetters,
  nowMs: number,
  emit: Emit,
): Answer {
  const { account, id: commandId } = command;
  if (asked.length > REDRIVE_MAX) return { refused: 'dead-letters-invalid' };
  const executionIds = [...new Set(asked)].filter((id) => state.deadLetters.get(account, id));
  const [first] = executionIds;
  if (first === undefined) return { refused: 'dead-letter-unknown' };
  const event = create(d.DeadLettersDiscardedSchema, {
    executionIds,
    account,
    cause: d.DiscardCause.BY_HAND,
    note,
    discardedAtMs: nowMs,
    commandId,
    commandDigest: digestOf(command),
  });
  emit({ account, executionId: first, ...by(command), event });
  return { id: first };
}

function by({ actor, id: causationId }: d.Command) {
  return { causationId, ...(actor === undefined ? {} : { actor }) };
}
