import { basename } from 'node:path';
import type { Clock } from '#libs/clock';
import type { task as t } from '#libs/contracts';
import type { Failure, Job, Measured } from '../child/protocol.js';
import { AttemptProcess } from '../children/attempt-process.js';
import { LIMITS } from '../limits.js';
import { HEAP_MB, limitsOf } from './attempt-limits.js';
import { Guard } from './guard.js';
import type { Hold, Isolation, Tier } from './isolation.js';

export type OwnProcessJob = Extract<Job, { kind: 'flow' | 'code' }>;

/** What an attempt in a process of its own has used and broken. */
export interface HeldResult {
  readonly failure: Failure | undefined;
  readonly measured: Measured;
}

/** One process tree from its start to the removal of what held it. */
export class ProcessHold {
  readonly #hold: Hold;
  readonly #clock: Clock;
  readonly #folder: string;
  readonly #heapMb: number;
  #child: AttemptProcess | undefined;
  #guard: Guard | undefined;

  constructor(options: {
    readonly isolation: Isolation;
    readonly clock: Clock;
    /** Its scratch folder. */
    readonly folder: string;
    readonly job: OwnProcessJob;
    readonly limits: t.Limits | undefined;
  }) {
    const { isolation, folder, job, limits } = options;
    this.#clock = options.clock;
    this.#folder = folder;
    this.#heapMb = job.kind === 'flow' ? LIMITS.browserHeapMb : HEAP_MB.runner;
    this.#hold = isolation.hold(basename(folder), {
      kind: job.kind,
      limits: limitsOf(job.kind, limits),
      network: job.kind === 'code' ? job.network : 'full',
    });
  }

  get tier(): Tier {
    return this.#hold.tier;
  }

  /** `onBreach` has to end it: it broke a limit. */
  start(onBreach: () => void): AttemptProcess {
    const child = new AttemptProcess({
      scratch: this.#folder,
      heapMb: this.#heapMb,
      clock: this.#clock,
      hold: this.#hold,
    });
    this.#child = child;
    this.#guard = new Guard({ hold: this.#hold, mark: child.mark, clock: this.#clock, onBreach });
    return child;
  }

  result(): HeldResult {
    const use = this.#guard?.use;
    return {
      failure: this.#guard?.verdict(),
      measured: {
        cpuMs: use?.cpuMs ?? 0,
        peakMemoryBytes: use?.peakMemoryBytes ?? 0,
        peakDiskBytes: use?.peakDiskBytes ?? 0,
        processStartMs: this.#child?.startMs ?? 0,
      },
    };
  }

  async close(): Promise<void> {
    if (this.#guard !== undefined) await this.#guard.close();
    else this.#hold.group?.remove();
  }
}
