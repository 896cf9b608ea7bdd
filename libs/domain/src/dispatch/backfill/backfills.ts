/**
 * A backfill runs past slots of one schedule, a few at a time.
 *
 *   started --(slots run out, or cancel)--> draining --last run ends--> finished
 *      \--pause / resume
 */
import { type DispatchEvent, dispatch as d } from '#libs/contracts';

export interface Backfill {
  readonly id: string;
  readonly account: string;
  readonly taskId: string;
  readonly scheduleId: string;
  readonly slots: readonly d.BackfillSlot[];
  readonly concurrency: number;
  /** The next slot to run. */
  next: number;
  paused: boolean;
  /** Its executions that have not ended. */
  readonly open: Set<string>;
}

/** The backfills of a shard that have not finished. */
export class Backfills {
  readonly #byId = new Map<string, Backfill>();
  readonly #ofExecution = new Map<string, Backfill>();

  get(id: string): Backfill | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Backfill> {
    return this.#byId.values();
  }

  part(): Backfill[] {
    return [...this.#byId.values()].map((backfill) => ({
      ...backfill,
      open: new Set(backfill.open),
    }));
  }

  restore(backfills: readonly Backfill[]): void {
    for (const backfill of backfills) {
      this.#byId.set(backfill.id, backfill);
      for (const executionId of backfill.open) this.#ofExecution.set(executionId, backfill);
    }
  }

  evolve(event: DispatchEvent): void {
    switch (event.$typeName) {
      case 'dispatch.v1.BackfillStarted': {
        const { backfillId: id, account, taskId, scheduleId, slots, concurrency } = event;
        const open = new Set<string>();
        const backfill = { id, account, taskId, scheduleId, slots, concurrency, open };
        this.#byId.set(id, { ...backfill, next: 0, paused: false });
        return;
      }
      case 'dispatch.v1.BackfillChanged': {
        const backfill = this.#byId.get(event.backfillId);
        if (backfill === undefined) return;
        if (event.change === d.BackfillChange.CANCEL) backfill.next = backfill.slots.length;
        else backfill.paused = event.change === d.BackfillChange.PAUSE;
        return;
      }
      case 'dispatch.v1.BackfillFinished':
        this.#byId.delete(event.backfillId);
        return;
      case 'dispatch.v1.ExecutionRequested': {
        const backfill = this.#byId.get(event.backfillId);
        if (backfill === undefined) return;
        backfill.next += 1;
        backfill.open.add(event.executionId);
        this.#ofExecution.set(event.executionId, backfill);
        return;
      }
      case 'dispatch.v1.ExecutionSkipped':
      case 'dispatch.v1.ExecutionFinished':
        this.#ofExecution.get(event.executionId)?.open.delete(event.executionId);
        this.#ofExecution.delete(event.executionId);
        return;
      default:
    }
  }
}
