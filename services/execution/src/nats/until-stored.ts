import type { Clock } from '#libs/clock';
import {
  type AppendRequest,
  type AppendResult,
  type EventLog,
  LogUnavailable,
} from '#libs/event-log';
import { LIMITS } from '../limits.js';

export interface StoreDeps {
  readonly eventLog: EventLog;
  readonly clock: Clock;
  /** Aborted when there is no more time for it. */
  readonly abandon: AbortSignal;
}

/**
 * Appends until it is stored: the same bytes under the same message id, however long the log is
 * away. Throws when it is told to abandon it, and on what no repetition mends.
 */
export async function untilStored(deps: StoreDeps, request: AppendRequest): Promise<AppendResult> {
  let pauseMs: number = LIMITS.retryPauseMs;
  for (;;) {
    try {
      return await deps.eventLog.append(request);
    } catch (error) {
      if (!(error instanceof LogUnavailable) || deps.abandon.aborted) throw error;
      await deps.clock.sleep(pauseMs, deps.abandon);
      pauseMs = Math.min(pauseMs * 2, LIMITS.retryPauseMaxMs);
    }
  }
}
