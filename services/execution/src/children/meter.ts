import type { Clock, Timer } from '#libs/clock';
import { memoryOf, type ProcessRow, processTable } from './process-table.js';
import { linkedMembers, type TreeMark } from './process-tree.js';

const SAMPLE_MS = 1_000;

export interface TreeUsage {
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
}

interface Watched {
  readonly mark: TreeMark;
  /** The last known of each process: what has ended since still counts. */
  readonly cpuMs: Map<string, number>;
  peakMemoryBytes: number;
}

/** Measures the process trees of browsers: one look at the process table a second for all of them. */
export class Meter {
  readonly #clock: Clock;
  readonly #watched = new Set<Watched>();
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Measures from now on, until the usage is asked for. */
  watch(mark: TreeMark): () => TreeUsage {
    const watched: Watched = { mark, cpuMs: new Map(), peakMemoryBytes: 0 };
    this.#watched.add(watched);
    this.#timer ??= this.#clock.setTimer(() => this.#tick(), SAMPLE_MS);
    return () => {
      if (this.#watched.delete(watched)) sample(watched, processTable());
      if (this.#watched.size === 0) this.stop();
      let cpuMs = 0;
      for (const one of watched.cpuMs.values()) cpuMs += one;
      return { cpuMs, peakMemoryBytes: watched.peakMemoryBytes };
    };
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #tick(): void {
    const table = processTable();
    for (const watched of this.#watched) sample(watched, table);
    this.#timer = this.#clock.setTimer(() => this.#tick(), SAMPLE_MS);
  }
}

/**
 * Chromium's processes share most of their pages: counted in each, ten small pages would seem to
 * fill the machine. So the shared part counts once, as the largest of them.
 */
function sample(watched: Watched, table: readonly ProcessRow[]): void {
  let own = 0;
  let shared = 0;
  for (const row of linkedMembers(watched.mark, table)) {
    watched.cpuMs.set(`${row.pid} ${row.startedAt}`, row.cpuMs);
    const memory = memoryOf(row.pid);
    own += memory.own;
    shared = Math.max(shared, memory.shared);
  }
  watched.peakMemoryBytes = Math.max(watched.peakMemoryBytes, own + shared);
}
