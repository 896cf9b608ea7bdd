/**
 * The workers as the journal knows them: what each has granted to this shard, and what it was given.
 * Folded from the inputs of commits and from events, like all of the state; nothing here is measured.
 */
import type { dispatch as d, task as t } from '#libs/contracts';

interface Worker {
  readonly id: string;
  readonly labels: ReadonlyMap<string, string>;
  slots: ReadonlyMap<string, number>;
  draining: boolean;
}

interface Holdings {
  readonly executionIds: Set<string>;
  readonly byPool: Map<string, number>;
}

/** The fleet as a snapshot has it. */
export interface FleetPart {
  readonly workers: readonly Worker[];
  readonly holdings: readonly (Holdings & { readonly workerId: string })[];
}

const NOTHING: ReadonlySet<string> = new Set();

export class Fleet {
  readonly #workers = new Map<string, Worker>();
  /** Kept apart: what was given to a worker that is gone is its own until it is lost. */
  readonly #holdings = new Map<string, Holdings>();

  /** By id: the order in which they came says nothing. */
  all(): readonly Worker[] {
    return [...this.#workers.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  know({ workerId: id, pools, labels, draining, gone }: d.WorkerCapacity): void {
    if (gone) {
      this.#workers.delete(id);
      return;
    }
    const slots = new Map(pools.map(({ pool, slots: count }) => [pool, count]));
    const known = this.#workers.get(id);
    if (known === undefined) this.#workers.set(id, { id, labels: mapOf(labels), slots, draining });
    else Object.assign(known, { slots, draining });
  }

  /** Slots of the pool that living workers have granted. */
  slots(pool: string): number {
    let sum = 0;
    for (const { slots } of this.#workers.values()) sum += slots.get(pool) ?? 0;
    return sum;
  }

  /** Slots of all pools. */
  get places(): number {
    let sum = 0;
    for (const { slots, draining } of this.#workers.values())
      if (!draining) for (const count of slots.values()) sum += count;
    return sum;
  }

  /** How many more attempts of the pool the worker may be given. */
  free(worker: Worker, pool: string): number {
    if (worker.draining) return 0;
    const held = this.#holdings.get(worker.id)?.byPool.get(pool) ?? 0;
    return Math.max(0, (worker.slots.get(pool) ?? 0) - held);
  }

  freeSlots(pool: string): number {
    let sum = 0;
    for (const worker of this.#workers.values()) sum += this.free(worker, pool);
    return sum;
  }

  /** The best of the workers that fit: `compare` gives which of two is to be preferred. */
  best(
    fits: (worker: Worker) => boolean,
    compare: (one: Worker, other: Worker) => number,
  ): Worker | undefined {
    let best: Worker | undefined;
    for (const worker of this.#workers.values())
      if (fits(worker) && (best === undefined || compare(worker, best) < 0)) best = worker;
    return best;
  }

  take(workerId: string, executionId: string, pool: string): void {
    const held = this.#holdings.get(workerId) ?? { executionIds: new Set(), byPool: new Map() };
    this.#holdings.set(workerId, held);
    if (held.executionIds.has(executionId)) return;
    held.executionIds.add(executionId);
    held.byPool.set(pool, (held.byPool.get(pool) ?? 0) + 1);
  }

  giveBack(workerId: string, executionId: string, pool: string): void {
    const held = this.#holdings.get(workerId);
    if (!held?.executionIds.delete(executionId)) return;
    held.byPool.set(pool, (held.byPool.get(pool) ?? 1) - 1);
    if (held.executionIds.size === 0) this.#holdings.delete(workerId);
  }

  /** Executions with an attempt that the worker was given, in the order of their releases. */
  heldBy(workerId: string): ReadonlySet<string> {
    return this.#holdings.get(workerId)?.executionIds ?? NOTHING;
  }

  get hasHolders(): boolean {
    return this.#holdings.size > 0;
  }

  holders(): Iterable<string> {
    return this.#holdings.keys();
  }

  part(): FleetPart {
    const workers = [...this.#workers.values()].map((worker) => ({ ...worker }));
    const holdings = [...this.#holdings].map(([workerId, { executionIds, byPool }]) => ({
      workerId,
      executionIds: new Set(executionIds),
      byPool: new Map(byPool),
    }));
    return { workers, holdings };
  }

  restore({ workers, holdings }: FleetPart): void {
    for (const worker of workers) this.#workers.set(worker.id, worker);
    for (const { workerId, ...held } of holdings) this.#holdings.set(workerId, held);
  }
}

function mapOf(labels: readonly t.Label[]): ReadonlyMap<string, string> {
  return new Map(labels.map(({ key, value }) => [key, value]));
}

export type { Worker as KnownWorker };
