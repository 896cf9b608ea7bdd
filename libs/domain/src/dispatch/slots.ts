/** A fired slot becomes an execution, or is skipped for a reason that is kept. */
import { create, dispatch as d, envelope, task as t, tick } from '#libs/contracts';
import type { Emit } from './emit.js';
import { makeRoom } from './overlap.js';
import { admit } from './queue/admission.js';
import { namesOf, specOf } from './spec.js';
import type { DispatchState } from './state.js';

export function onSlot(state: DispatchState, slot: tick.Slot, nowMs: number, emit: Emit): void {
  if (slot.outcome !== tick.SlotOutcome.FIRED) return;
  const { executionId, account, taskId, scheduleId, scheduleRevision } = slot;
  const { local, pass, zone, dueAtMs } = slot;
  const ref = create(d.SlotRefSchema, { scheduleId, scheduleRevision, local, pass, zone, dueAtMs });
  const actor = create(envelope.ActorSchema, {
    kind: envelope.ActorKind.SCHEDULE,
    id: scheduleId,
    origin: 'ticker',
  });
  const schedule = state.definitions.schedule(account, taskId, scheduleId);
  const spec = specOf(state, account, taskId, schedule?.parametersJson ?? '', undefined);
  const skip = (
    cause: d.SkipCause,
    more: { blockingExecutionId?: string; limitId?: string; detail?: string } = {},
  ) => {
    const named = namesOf(state, account, taskId);
    const skipped = { executionId, account, taskId, ...named, slot: ref, cause, ...more };
    const event = create(d.ExecutionSkippedSchema, { ...skipped, skippedAtMs: nowMs });
    emit({ account, executionId, actor, event });
  };
  if (typeof spec === 'string') {
    skip(spec === 'task-unknown' ? d.SkipCause.TASK_DELETED : d.SkipCause.TARGET_MISSING);
    return;
  }
  const isDue = slot.effectiveAtMs <= nowMs;
  const newcomer = { executionId, account, taskId, scheduleId };
  const obstacle = isDue ? makeRoom(state, newcomer, nowMs, emit) : undefined;
  if (obstacle !== undefined) {
    const { blockingExecutionId } = obstacle;
    skip(obstacle.cause, { blockingExecutionId });
    return;
  }
  const admission = admit(state, { executionId, account, spec }, { nowMs, mayWait: false });
  if ('beyond' in admission) {
    skip(d.SkipCause.RATE_LIMITED, { limitId: admission.limitId, detail: admission.beyond });
    return;
  }
  const caughtUp = slot.cause === tick.SlotCause.CATCH_UP;
  emit({
    account,
    executionId,
    actor,
    event: create(d.ExecutionRequestedSchema, {
      executionId,
      account,
      trigger: caughtUp ? d.Trigger.CATCH_UP : d.Trigger.SCHEDULED,
      spec,
      slot: ref,
      nominalAtMs: dueAtMs,
      requestedAtMs: nowMs,
      effectiveAtMs: slot.effectiveAtMs,
      overlap: schedule?.overlap?.policy || t.OverlapPolicy.SKIP,
      actor,
    }),
  });
}
