/** Starting a backfill, and keeping it going. */
import { create, dispatch as d, envelope } from '#libs/contracts';
import { backfillIdOf, executionIdOfBackfill } from '../../ids.js';
import { digestOf } from '../command-memory.js';
import type { Emit } from '../emit.js';
import {
  BACKFILL_CONCURRENCY_MAX,
  BACKFILL_SLOTS_MAX,
  BACKFILL_STARTS_PER_DECISION,
} from '../limits.js';
import { specOf } from '../spec.js';
import type { DispatchState } from '../state.js';
import type { Backfill } from './backfills.js';

/** Starts what there is room for, and finishes what is done. */
export function runBackfills(state: DispatchState, nowMs: number, emit: Emit): void {
  for (const backfill of [...state.backfills.all()]) {
    for (let started = 0; started < BACKFILL_STARTS_PER_DECISION; started++) {
      const slot = backfill.slots[backfill.next];
      const isFull = backfill.open.size >= backfill.concurrency;
      if (slot === undefined || backfill.paused || isFull) break;
      if (!startSlot(state, backfill, slot, nowMs, emit)) break;
    }
    if (backfill.next >= backfill.slots.length && backfill.open.size === 0)
      finish(backfill, nowMs, emit);
  }
}

function startSlot(
  state: DispatchState,
  backfill: Backfill,
  { scheduleRevision, local, pass, zone, dueAtMs }: d.BackfillSlot,
  nowMs: number,
  emit: Emit,
): boolean {
  const { account, taskId, scheduleId, id: backfillId } = backfill;
  const schedule = state.definitions.schedule(account, taskId, scheduleId);
  const spec = specOf(state, account, taskId, schedule?.parametersJson ?? '', undefined);
  if (typeof spec === 'string') {
    // The task or its target is gone: so is the rest of the backfill.
    change(backfill, d.BackfillChange.CANCEL, undefined, nowMs, emit);
    return false;
  }
  const executionId = executionIdOfBackfill(backfillId, {
    scheduleId,
    scheduleRevision,
    local,
    pass,
  });
  const actor = create(envelope.ActorSchema, {
    kind: envelope.ActorKind.SCHEDULE,
    id: scheduleId,
    origin: `backfill ${backfillId}`,
  });
  const slot = { scheduleId, scheduleRevision, local, pass, zone, dueAtMs };
  const event = create(d.ExecutionRequestedSchema, {
    executionId,
    account,
    trigger: d.Trigger.BACKFILL,
    spec,
    slot,
    nominalAtMs: dueAtMs,
    requestedAtMs: nowMs,
    backfillId,
    actor,
  });
  emit({ account, executionId, actor, event });
  return true;
}

export type BackfillRefusal =
  | 'task-unknown'
  | 'target-missing'
  | 'slots-invalid'
  | 'concurrency-invalid';

/** The id of the backfill, or why it is refused. */
export function startBackfill(
  state: DispatchState,
  command: d.Command,
  { taskId, scheduleId, slots, concurrency, note }: d.StartBackfill,
  nowMs: number,
  emit: Emit,
): { backfillId: string } | { refused: BackfillRefusal } {
  const { account, actor, id: commandId } = command;
  const spec = specOf(state, account, taskId, '', undefined);
  if (typeof spec === 'string') return { refused: spec };
  if (slots.length === 0 || slots.length > BACKFILL_SLOTS_MAX) return { refused: 'slots-invalid' };
  if (concurrency < 1 || concurrency > BACKFILL_CONCURRENCY_MAX)
    return { refused: 'concurrency-invalid' };
  const backfillId = backfillIdOf(commandId);
  const commandDigest = digestOf(command);
  const of = { backfillId, account, taskId, scheduleId, commandId, commandDigest };
  emit({
    account,
    executionId: backfillId,
    ...(actor === undefined ? {} : { actor }),
    causationId: commandId,
    event: create(d.BackfillStartedSchema, {
      ...of,
      slots,
      concurrency,
      note,
      startedAtMs: nowMs,
    }),
  });
  return { backfillId };
}

export function change(
  { id: backfillId, account }: Backfill,
  how: d.BackfillChange,
  command: d.Command | undefined,
  nowMs: number,
  emit: Emit,
): void {
  const commandId = command?.id ?? '';
  const event = create(d.BackfillChangedSchema, {
    backfillId,
    account,
    change: how,
    changedAtMs: nowMs,
    commandId,
    commandDigest: command === undefined ? '' : digestOf(command),
  });
  emit({ account, executionId: backfillId, causationId: commandId, event });
}

function finish({ id: backfillId, account }: Backfill, nowMs: number, emit: Emit): void {
  const event = create(d.BackfillFinishedSchema, { backfillId, account, finishedAtMs: nowMs });
  emit({ account, executionId: backfillId, event });
}
