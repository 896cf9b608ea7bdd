/** A fired slot becomes an execution, or is skipped for a reason that is kept. */
import { create, dispatch as d, envelope, tick } from '#libs/contracts';
import { keyOf } from './definitions.js';
import type { Emit } from './emit.js';
import { specOf } from './spec.js';
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
  const spec = specOf(state, account, taskId, '', undefined);
  const obstacle = obstacleTo(state, account, taskId, spec);
  if (typeof spec === 'string' || obstacle !== undefined) {
    const { cause, blockingExecutionId = '' } = obstacle ?? { cause: d.SkipCause.UNSPECIFIED };
    const skipped = { executionId, account, taskId, slot: ref, cause, blockingExecutionId };
    const event = create(d.ExecutionSkippedSchema, { ...skipped, skippedAtMs: nowMs });
    emit({ account, executionId, actor, event });
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
      actor,
    }),
  });
}

interface Obstacle {
  readonly cause: d.SkipCause;
  readonly blockingExecutionId?: string;
}

/** Why a fired slot leads to no run; undefined when it does. */
function obstacleTo(
  state: DispatchState,
  account: string,
  taskId: string,
  spec: ReturnType<typeof specOf>,
): Obstacle | undefined {
  if (spec === 'task-unknown') return { cause: d.SkipCause.TASK_DELETED };
  if (spec === 'target-missing') return { cause: d.SkipCause.TARGET_MISSING };
  const open = state.openOf.get(keyOf(account, taskId)) ?? new Set();
  if (open.size < Math.max(1, spec.settings?.concurrencyLimit ?? 1)) return undefined;
  const [blockingExecutionId = ''] = open;
  return { cause: d.SkipCause.OVERLAP, blockingExecutionId };
}
