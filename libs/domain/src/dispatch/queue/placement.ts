/** Which worker a released attempt goes to, and why it goes to none. */
import type { task as t } from '#libs/contracts';
import type { Execution } from '../execution.js';
import type { DispatchState } from '../state.js';
import type { KnownWorker } from './fleet.js';

/**
 * The worker with the most free slots of the pool, of those that have all the labels that the task
 * wants; the one with the first id of two that are alike. The worker at which the last attempt was lost, or
 * that gave it back, comes last. Undefined while nobody has room for it.
 */
export function placeOn(state: DispatchState, execution: Execution): string | undefined {
  const { fleet } = state;
  const { spec, avoid } = execution;
  const wanted = spec.settings?.requiredLabels ?? [];
  const free = (worker: KnownWorker) => fleet.free(worker, spec.pool);
  const worst = (worker: KnownWorker) => (worker.id === avoid ? 1 : 0);
  return fleet.best(
    (worker) => free(worker) > 0 && hasAll(worker, wanted),
    (one, other) =>
      worst(one) - worst(other) || free(other) - free(one) || (one.id < other.id ? -1 : 1),
  )?.id;
}

/** Why no worker can be given an execution, if that is what it waits for. */
export type Unplaced =
  /** No living worker has slots of its pool. */
  | 'no-worker'
  /** Those that have lack a label. */
  | 'labels-missing'
  /** Those that could run it have no slot left. */
  | 'workers-busy';

export function whyUnplaced(state: DispatchState, execution: Execution): Unplaced | undefined {
  const { fleet } = state;
  const { pool, settings } = execution.spec;
  const ofPool = fleet.all().filter(({ slots, draining }) => !draining && slots.has(pool));
  if (ofPool.length === 0) return 'no-worker';
  const able = ofPool.filter((worker) => hasAll(worker, settings?.requiredLabels ?? []));
  if (able.length === 0) return 'labels-missing';
  return able.some((worker) => fleet.free(worker, pool) > 0) ? undefined : 'workers-busy';
}

function hasAll({ labels }: KnownWorker, wanted: readonly t.Label[]): boolean {
  return wanted.every(({ key, value }) => labels.get(key) === value);
}
