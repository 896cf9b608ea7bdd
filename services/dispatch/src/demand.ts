import type { NatsConnection } from '@nats-io/transport-node';
import type { Clock, Timer } from '#libs/clock';
import { create, subjects, toBinary, worker as w } from '#libs/contracts';
import type { DispatchState } from '#libs/domain';
import type { Workers } from './workers.js';

const EVERY_MS = 1_000;
/** More often it is not said, however fast it rises. */
const PAUSE_MS = 50;

export interface DemandDeps {
  readonly nc: NatsConnection;
  readonly clock: Clock;
  readonly shard: number;
  readonly workers: Workers;
}

/**
 * Tells the workers how many slots the shard wants: at once when it is more than was told, and every
 * second. That it wants less is in no hurry.
 */
export class Demand {
  readonly #deps: DemandDeps;
  readonly #told = new Map<string, number>();
  #state: DispatchState | undefined;
  #term = 0;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;

  constructor(deps: DemandDeps) {
    this.#deps = deps;
  }

  begin(term: number, state: DispatchState): void {
    this.#term = term;
    this.#state = state;
    this.#tell();
  }

  end(): void {
    this.#state = undefined;
    this.#timer?.cancel();
  }

  soon(): void {
    this.#plan(Math.max(0, this.#toldAtMs + PAUSE_MS - this.#deps.clock.monotonic()));
  }

  /** After each decision. */
  look(): void {
    if (this.#state === undefined) return;
    for (const [pool, wanted] of this.#state.line.wanted())
      if (wanted > (this.#told.get(pool) ?? 0)) {
        this.soon();
        return;
      }
  }

  #plan(afterMs: number): void {
    this.#timer?.cancel();
    if (afterMs === 0) this.#tell();
    else this.#timer = this.#deps.clock.setTimer(() => this.#tell(), afterMs);
  }

  #tell(): void {
    const { nc, clock, shard, workers } = this.#deps;
    if (this.#state === undefined || nc.isClosed()) return;
    this.#told.clear();
    for (const [pool, wanted] of this.#state.line.wanted()) this.#told.set(pool, wanted);
    const demand = create(w.DemandSchema, {
      shard,
      term: this.#term,
      pools: [...this.#told].map(([pool, wanted]) => ({
        pool,
        wanted,
        slots: workers.slots(pool),
      })),
    });
    nc.publish(subjects.workerDemand, toBinary(w.DemandSchema, demand));
    this.#toldAtMs = clock.monotonic();
    this.#plan(EVERY_MS);
  }
}
