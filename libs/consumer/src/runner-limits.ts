import type { IntakeLimits } from './intake.js';

export interface RunnerLimits extends IntakeLimits {
  /** Two batches begin at least this far apart: under a trickle, transactions stay few. */
  readonly paceMs: number;
  /** The same while much comes: a row that is new and changed in one batch is written once. */
  readonly busyPaceMs: number;
  /** A batch of so many bytes is much. */
  readonly busyBytes: number;
  readonly backoffMs: { readonly first: number; readonly most: number };
  /** How often the watchdog compares the stream's end with what has come in. */
  readonly watchMs: number;
  /** The stream is longer, and nothing has come in for so long: read it anew. */
  readonly stallMs: number;
  /** How long a source may take to end after it was told to. */
  readonly closeMs: number;
}

export const RUNNER_LIMITS: RunnerLimits = {
  batchCommits: 500,
  batchBytes: 8 * 1024 * 1024,
  paceMs: 20,
  busyPaceMs: 200,
  busyBytes: 16 * 1024,
  backoffMs: { first: 100, most: 5_000 },
  watchMs: 2_000,
  stallMs: 10_000,
  closeMs: 1_000,
};
