/** Which worker a released attempt goes to. */
import type { Execution } from './execution.js';
import type { DispatchState } from './state.js';

/** Undefined while nobody has room for it. */
export function placeOn(state: DispatchState, { spec }: Execution): string | undefined {
  return state.freeSlots(spec.pool) > 0 ? '' : undefined;
}
