/**
 * A redrive runs many dead letters again, so many a minute.
 *
 *   started --(dead letters run out, or cancel)--> draining --last run ends--> finished
 */
import type { DispatchEvent } from '#libs/contracts';
import { REDRIVE_BURST_MS } from '../limits.js';

export interface Redrive {
  readonly id: string;
  readonly account: string;
  readonly deadLetterIds: readonly string[];
  /** From one start to the next. */
  readonly paceMs: number;
  /** The next one to run, and not before when. */
  next: number;
  nextAtMs: number;
  /** Its executions that have not ended. */
  readonly open: Set<string>;
}

/** The redrives of a shard that have not finished. */
export class Redrives {
  readonly #byId = new Map<string, Redrive>();
  readonly #ofExecution = new Map<string, Redrive>();

  get(id: string): Redrive | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Redrive> {
    return this.#byId.values();
  }

  part(): Redrive[] {
    return [...this.#byId.values()].map((redrive) => ({ ...redrive, open: new Set(redrive.open) }));
  }

  restore(redrives: readonly Redrive[]): void {
    for (const redrive of redrives) {
      this.#byId.set(redrive.id, redrive);
      for (const executionId of redrive.open) this.#ofExecution.set(executionId, redrive);
    }
  }

  openOf(account: string): number {
    let open = 0;
    for (const redrive of this.#byId.values()) if (redrive.account === account) open += 1;
    return open;
  }

  /** When the next dead letter is to be run; Infinity: none waits for its time. */
  nextDueMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { next, deadLetterIds, nextAtMs } of this.#byId.values())
      if (next < deadLetterIds.length) nextMs = Math.min(nextMs, nextAtMs);
    return nextMs;
  }

  evolve(event: DispatchEvent, atMs: number): void {
    switch (event.$typeName) {
      case 'dispatch.v1.RedriveStarted': {
        const { redriveId: id, account, deadLetterIds, perMinute } = event;
        const paceMs = 60_000 / Math.max(1, perMinute);
        const open = new Set<string>();
        const redrive = { id, account, deadLetterIds, paceMs, open };
        this.#byId.set(id, { ...redrive, next: 0, nextAtMs: atMs });
        return;
      }
      case 'dispatch.v1.ExecutionRequested': {
        const redrive = this.#byId.get(event.redriveId);
        if (redrive === undefined) return;
        redrive.next += 1;
        // What an outage kept back is not made up for at once.
        redrive.nextAtMs = Math.max(redrive.nextAtMs, atMs - REDRIVE_BURST_MS) + redrive.paceMs;
        redrive.open.add(event.executionId);
        this.#ofExecution.set(event.executionId, redrive);
        return;
      }
      case 'dispatch.v1.DeadLetterPassedOver': {
        const redrive = this.#byId.get(event.redriveId);
        if (redrive !== undefined) redrive.next += 1;
        return;
      }
      case 'dispatch.v1.RedriveCancelled': {
        const redrive = this.#byId.get(event.redriveId);
        if (redrive !== undefined) redrive.next = redrive.deadLetterIds.length;
        return;
      }
      case 'dispatch.v1.RedriveFinished':
        this.#byId.delete(event.redriveId);
        return;
      case 'dispatch.v1.ExecutionFinished':
      case 'dispatch.v1.ExecutionSkipped':
        this.#ofExecution.get(event.executionId)?.open.delete(event.executionId);
        this.#ofExecution.delete(event.executionId);
        return;
      default:
    }
  }
}
