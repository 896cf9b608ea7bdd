import type { Clock } from '#libs/clock';
import type { StreamName } from '#libs/contracts';
import type { EventLog } from '#libs/event-log';
import type { RunnerLimits } from './runner-limits.js';

/** A stall that reading anew does not end is looked at ever more rarely, at most 2^5 times. */
const DOUBLINGS_MAX = 5;

/** The stream grew, and nothing of it came in: its consumer is dead without having said so. */
export class Stalled extends Error {
  readonly code = 'stalled';
}

export interface StallWatch {
  readonly log: Pick<EventLog, 'lastSeq'>;
  readonly clock: Clock;
  readonly limits: Pick<RunnerLimits, 'watchMs' | 'stallMs'>;
  readonly stream: StreamName;
  /** What is known of the reading: the last sequence that came in or is stored, and the silence. */
  readonly reading: () => { readonly seq: number; readonly idleMs: number };
  readonly streamEnd: (seq: number) => void;
  /** Stalls in a row; a filtered reading looks stalled when only other subjects grow. */
  readonly stallsInARow: () => number;
}

/** Looks at the stream's end until the signal aborts; gives the stall when it has found one. */
export async function watchForStall(
  watch: StallWatch,
  signal: AbortSignal,
): Promise<Stalled | undefined> {
  const { watchMs, stallMs } = watch.limits;
  while (!signal.aborted) {
    await watch.clock.sleep(watchMs, signal).catch(() => undefined);
    if (signal.aborted) return undefined;
    const end = await watch.log.lastSeq(watch.stream).catch(() => undefined);
    // A broker that does not answer is the reading's own trouble.
    if (end === undefined) continue;
    watch.streamEnd(end);
    const { seq, idleMs } = watch.reading();
    const patienceMs = stallMs * 2 ** Math.min(watch.stallsInARow(), DOUBLINGS_MAX);
    if (end > seq && idleMs > patienceMs)
      return new Stalled(`nothing of ${watch.stream} came in for ${patienceMs} ms`);
  }
  return undefined;
}
