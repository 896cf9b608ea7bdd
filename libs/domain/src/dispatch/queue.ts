import { task as t } from '#libs/contracts';

const DESCENDING = [
  t.Priority.CRITICAL,
  t.Priority.HIGH,
  t.Priority.NORMAL,
  t.Priority.LOW,
] as const;

/** Waiting executions of one pool: by priority, and in order of arrival within one. */
export class PoolQueue {
  readonly #waiting = new Map<t.Priority, Set<string>>(
    DESCENDING.map((priority) => [priority, new Set()]),
  );

  get depth(): number {
    let depth = 0;
    for (const waiting of this.#waiting.values()) depth += waiting.size;
    return depth;
  }

  add(executionId: string, priority: t.Priority): void {
    this.#of(priority).add(executionId);
  }

  remove(executionId: string, priority: t.Priority): void {
    this.#of(priority).delete(executionId);
  }

  /** How many stand before one that would be added now. */
  ahead(priority: t.Priority): number {
    let ahead = 0;
    for (const each of DESCENDING) {
      ahead += this.#of(each).size;
      if (each === priority) break;
    }
    return ahead;
  }

  *inOrder(): Iterable<string> {
    for (const priority of DESCENDING) yield* this.#of(priority);
  }

  #of(priority: t.Priority): Set<string> {
    return this.#waiting.get(priority) ?? (this.#waiting.get(t.Priority.NORMAL) as Set<string>);
  }
}
