import { create, dispatch as d } from '#libs/contracts';
import type { DispatchState } from '../state.js';

/** A worker that grants so many slots of the pool to the shard. */
export function giveSlots(
  state: DispatchState,
  slots: number,
  { workerId = 'w1', pool = 'system', labels = {} as Readonly<Record<string, string>> } = {},
): void {
  state.fleet.know(
    create(d.WorkerCapacitySchema, {
      workerId,
      pools: [{ pool, slots }],
      labels: Object.entries(labels).map(([key, value]) => ({ key, value })),
    }),
  );
}
