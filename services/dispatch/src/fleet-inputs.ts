import { create, dispatch as d } from '#libs/contracts';
import type { DispatchState } from '#libs/domain';
import { type Share, SILENCE_MS, type Workers } from './workers.js';

/** Workers as somebody has them, in one word each to compare by. */
export type Written = Map<string, string>;

export interface KnownFleet {
  /** As the journal has them. */
  readonly written: Written;
  /** As the state has them: it may have been told what no commit took up, for nothing came of it. */
  readonly told: Written;
}

export interface FleetInputs {
  readonly workers: d.WorkerCapacity[];
  readonly silences: d.WorkerSilence[];
}

/**
 * What the next commit has to say of the workers: who is not as it was written down, and who is
 * silent. A worker that was written down is gone once it has been silent for long, not when it merely
 * has not been heard yet; but it is given nothing once an offer found nobody there. What the state was told and the journal was not is said again, too, when it no
 * longer holds: else the next decision would be made from what nobody can read.
 */
export function fleetInputs(
  workers: Workers,
  { shard, ownedSinceMs }: { readonly shard: number; readonly ownedSinceMs: number },
  state: DispatchState,
  { written, told }: KnownFleet,
): FleetInputs {
  const changed: d.WorkerCapacity[] = [];
  const living = workers.living();
  for (const [workerId, heard] of living) {
    const share = workers.shareOf(heard, shard);
    const word = wordOf(share);
    if (written.get(workerId) === word && told.get(workerId) === word) continue;
    const { draining } = share;
    const pools = share.pools.map((pool) => create(d.PoolCapacitySchema, pool));
    const isKnown = written.has(workerId) && told.has(workerId);
    const labels = isKnown ? [] : [...share.labels];
    changed.push(create(d.WorkerCapacitySchema, { workerId, pools, labels, draining }));
  }
  for (const workerId of new Set([...written.keys(), ...told.keys()])) {
    if (living.has(workerId)) continue;
    if (workers.silentMs(workerId, ownedSinceMs) > SILENCE_MS) {
      changed.push(create(d.WorkerCapacitySchema, { workerId, gone: true }));
      workers.forget(workerId);
    } else if (workers.isUnfound(workerId)) {
      const nothing = create(d.WorkerCapacitySchema, { workerId, draining: true });
      const word = wordOf(nothing);
      if (written.get(workerId) !== word || told.get(workerId) !== word) changed.push(nothing);
    }
  }
  const silences = [...state.fleet.holders()].flatMap((workerId) => {
    const silentMs = workers.silentMs(workerId, ownedSinceMs);
    if (silentMs <= SILENCE_MS) return [];
    return [create(d.WorkerSilenceSchema, { workerId, silentMs: Math.round(silentMs) })];
  });
  return { workers: changed, silences };
}

/** Takes a commit's inputs into what is written down. */
export function noteWritten(written: Written, workers: readonly d.WorkerCapacity[]): void {
  for (const worker of workers)
    if (worker.gone) written.delete(worker.workerId);
    else written.set(worker.workerId, wordOf(worker));
}

/** Workers as a fold that did not see their commits has them. */
export function noteFleet(written: Written, { fleet }: DispatchState): void {
  for (const { id, slots, draining } of fleet.all()) {
    const pools = [...slots].map(([pool, count]) => ({ pool, slots: count }));
    written.set(id, wordOf({ pools, draining }));
  }
}

/** The state was told of no worker what is not written down. */
export function isAllWritten({ written, told }: KnownFleet): boolean {
  if (written.size !== told.size) return false;
  for (const [workerId, word] of told) if (written.get(workerId) !== word) return false;
  return true;
}

function wordOf({ pools, draining }: Pick<Share, 'pools' | 'draining'>): string {
  const slots = pools.map(({ pool, slots: count }) => `${pool}:${count}`).join();
  return draining ? `${slots} draining` : slots;
}
