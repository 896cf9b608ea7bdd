/**
 * The release: who of those that wait goes next. Candidates come in the order of the queue, limits say
 * who may, and placement says where to.
 */
import { create, dispatch as d } from '#libs/contracts';
import { keyOf } from './definitions.js';
import { type Emit, of } from './emit.js';
import type { Execution } from './execution.js';
import { RELEASES_PER_DECISION } from './limits.js';
import { isItsTurn } from './overlap.js';
import { placeOn } from './placement.js';
import type { DispatchState } from './state.js';

/** Gives free slots to those who wait, in order, within the limits of their tasks. */
export function release(state: DispatchState, nowMs: number, emit: Emit): void {
  for (const [pool, queue] of state.queues) {
    let free = Math.min(state.freeSlots(pool), RELEASES_PER_DECISION);
    if (free <= 0) continue;
    for (const id of queue.inOrder()) {
      if (free <= 0) break;
      const execution = state.executions.get(id);
      if (execution === undefined || !mayRun(state, execution, nowMs)) continue;
      if (placeOn(state, execution) === undefined) continue;
      free -= 1;
      emit(
        of(
          execution,
          create(d.AttemptReleasedSchema, {
            executionId: id,
            account: execution.account,
            attempt: execution.ended + 1,
            fence: state.fence + 1,
            releasedAtMs: nowMs,
          }),
        ),
      );
    }
  }
}

function mayRun(state: DispatchState, execution: Execution, nowMs: number): boolean {
  const limit = execution.spec.settings?.concurrencyLimit ?? 0;
  const { account, spec } = execution;
  const active = state.activeOf.get(keyOf(account, spec.taskId)) ?? 0;
  if (limit > 0 && active >= limit) return false;
  if (isHeld(state, execution, nowMs)) return false;
  return isItsTurn(state, execution);
}

/** A maintenance holds what schedules started; what people start by hand goes on. */
function isHeld(state: DispatchState, { account, trigger }: Execution, nowMs: number): boolean {
  const scheduled = trigger === d.Trigger.SCHEDULED || trigger === d.Trigger.CATCH_UP;
  return scheduled && state.definitions.maintenance.at(account, nowMs) !== undefined;
}
