import type { Clock } from '#libs/clock';
import type { EventLog, ReadRange, StoredCommit } from './event-log.js';

const PAUSE_AFTER_ERROR_MS = 500;

export interface FollowOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly range: ReadRange;
  readonly onError: (error: unknown) => void;
}

/** Follows a range until the signal aborts, over every change of the broker. */
export async function followForEver(
  { log, clock, range, onError }: FollowOptions,
  signal: AbortSignal,
  onCommit: (stored: StoredCommit) => void,
): Promise<void> {
  let { fromSeq } = range;
  while (!signal.aborted) {
    try {
      for await (const stored of log.follow({ ...range, fromSeq }, signal)) {
        onCommit(stored);
        fromSeq = stored.seq + 1;
      }
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      await clock.sleep(PAUSE_AFTER_ERROR_MS, signal).catch(() => undefined);
    }
  }
}
