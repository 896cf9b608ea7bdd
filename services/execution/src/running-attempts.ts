import type { StopCause } from './child/protocol.js';

/** What can be done to an attempt from outside. */
interface Stoppable {
  stop(cause: StopCause): void;
}

export interface Entry {
  readonly pool: string;
  readonly shard: number;
  readonly executionId: string;
  readonly fence: number;
}

interface Running extends Entry {
  run?: Stoppable;
  /** Came before there was anything to stop. */
  cause?: StopCause;
}

/**
 * The attempts that this worker has, from the moment it wants them until their end is told, and the
 * slots they take. A heartbeat lists them all: one that is missing there counts as lost.
 */
export class RunningAttempts {
  readonly #slots: ReadonlyMap<string, number>;
  readonly #running = new Map<string, Running>();
  readonly #taken = new Map<string, number>();
  /** The same by pool and shard. */
  readonly #ofShard = new Map<string, number>();
  #onFree: () => void = () => {};
  #idle: (() => void)[] = [];

  constructor(slots: ReadonlyMap<string, number>) {
    this.#slots = slots;
  }

  onFree(listener: () => void): void {
    this.#onFree = listener;
  }

  pools(): readonly { readonly pool: string; readonly slots: number; readonly free: number }[] {
    return [...this.#slots].map(([pool, slots]) => ({ pool, slots, free: this.free(pool) }));
  }

  free(pool: string): number {
    return Math.max(0, (this.#slots.get(pool) ?? 0) - (this.#taken.get(pool) ?? 0));
  }

  /** Slots of the pool that attempts of the shard have. */
  inUse(pool: string, shard: number): number {
    return this.#ofShard.get(`${pool} ${shard}`) ?? 0;
  }

  /** False when it is here already. */
  add(entry: Entry): boolean {
    const key = keyOf(entry);
    if (this.#running.has(key)) return false;
    this.#running.set(key, { ...entry });
    this.#count(entry, 1);
    return true;
  }

  /** From now on there is something to stop; what was asked for meanwhile happens now. */
  begin(entry: Entry, run: Stoppable): void {
    const running = this.#running.get(keyOf(entry));
    if (running === undefined) return;
    running.run = run;
    if (running.cause !== undefined) run.stop(running.cause);
  }

  remove(entry: Entry): void {
    if (!this.#running.delete(keyOf(entry))) return;
    this.#count(entry, -1);
    this.#onFree();
    if (this.#running.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #count({ pool, shard }: Entry, change: 1 | -1): void {
    this.#taken.set(pool, (this.#taken.get(pool) ?? 0) + change);
    const key = `${pool} ${shard}`;
    this.#ofShard.set(key, (this.#ofShard.get(key) ?? 0) + change);
  }

  stop(executionId: string, fence: number, cause: StopCause): void {
    const running = this.#running.get(keyOf({ executionId, fence }));
    if (running === undefined) return;
    running.cause ??= cause;
    running.run?.stop(cause);
  }

  stopAll(cause: StopCause): void {
    for (const { executionId, fence } of [...this.#running.values()])
      this.stop(executionId, fence, cause);
  }

  list(): readonly Entry[] {
    return [...this.#running.values()].map(({ pool, shard, executionId, fence }) => ({
      pool,
      shard,
      executionId,
      fence,
    }));
  }

  /** Resolves when there is none. */
  idle(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }
}

const keyOf = ({ executionId, fence }: Pick<Entry, 'executionId' | 'fence'>) =>
  `${executionId} ${fence}`;
