/** When executions need a decision although nothing comes: deadlines, retries, effective instants, overdue attempts. */
import { impossible } from '../../decider.js';
import { MinHeap } from '../../tick/heap.js';
import type { Execution } from '../execution.js';
import { CANCEL_OVERDUE_AFTER_MS, OVERDUE_AFTER_MS } from '../limits.js';
import { deadlineMs } from './deadlines.js';

/** When the execution needs a decision, if nothing comes before. */
export function dueAtMs(execution: Execution): number {
  return Math.min(deadlineMs(execution), nextStepMs(execution));
}

function nextStepMs(execution: Execution): number {
  switch (execution.phase) {
    case 'queued':
      return Number.POSITIVE_INFINITY;
    // Whether an offer has reached its worker is told by the worker's heartbeats, not by a clock.
    case 'offered':
      return stoppedByMs(execution);
    case 'running': {
      const { timeoutMs = 0, stopGraceMs = 0 } = execution.spec.settings ?? {};
      const overdueMs = execution.acceptedAtMs + timeoutMs + stopGraceMs + OVERDUE_AFTER_MS;
      return Math.min(overdueMs, stoppedByMs(execution));
    }
    case 'waiting':
      return execution.waitUntilMs;
    default:
      return impossible(execution.phase);
  }
}

function stoppedByMs({ cancelledAtMs, spec }: Execution): number {
  if (cancelledAtMs === 0) return Number.POSITIVE_INFINITY;
  return cancelledAtMs + (spec.settings?.stopGraceMs ?? 0) + CANCEL_OVERDUE_AFTER_MS;
}

interface Entry {
  readonly id: string;
  readonly atMs: number;
}

/** Outdated entries that a heap may carry beside each that holds. */
const OUTDATED_FACTOR = 2;
const OUTDATED_MIN = 1_024;

/**
 * Executions in the order of falling due, and by id among those that fall due together. An index of the
 * state and no state of its own: an entry whose execution has moved on is passed over.
 */
export class DueIndex {
  readonly #atMs = new Map<string, number>();
  #heap = new MinHeap<Entry>(compare);

  /** The execution may have changed. */
  note(execution: Execution): void {
    const { id } = execution;
    const atMs = dueAtMs(execution);
    if (atMs === Number.POSITIVE_INFINITY) {
      this.#atMs.delete(id);
      return;
    }
    if (this.#atMs.get(id) === atMs) return;
    this.#atMs.set(id, atMs);
    this.#heap.push({ id, atMs });
    if (this.#heap.size > this.#atMs.size * OUTDATED_FACTOR + OUTDATED_MIN) this.#rebuild();
  }

  drop(executionId: string): void {
    this.#atMs.delete(executionId);
  }

  /** When the next one falls due. */
  get nextMs(): number {
    for (let first = this.#heap.peek(); first !== undefined; first = this.#heap.peek()) {
      if (this.#atMs.get(first.id) === first.atMs) return first.atMs;
      this.#heap.pop();
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Takes out what is due, at most `limit`: whoever takes notes again what did not move. */
  take(nowMs: number, limit: number): string[] {
    const due: string[] = [];
    while (due.length < limit && this.nextMs <= nowMs) {
      const { id } = this.#heap.pop() as Entry;
      this.#atMs.delete(id);
      due.push(id);
    }
    return due;
  }

  #rebuild(): void {
    this.#heap = new MinHeap<Entry>(compare);
    for (const [id, atMs] of this.#atMs) this.#heap.push({ id, atMs });
  }
}

function compare(one: Entry, other: Entry): number {
  return one.atMs - other.atMs || (one.id < other.id ? -1 : 1);
}
