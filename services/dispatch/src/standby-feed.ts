import type { Logger } from 'pino';
import type { Clock } from '#libs/clock';
import { shardOfSubject } from '#libs/contracts';
import { type EventLog, followForEver } from '#libs/event-log';
import type { ShardLoop } from './shard-loop.js';

/** How often is looked whether any shard is somebody else's. */
const LOOK_MS = 500;

export interface FeedDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly loops: readonly ShardLoop[];
}

/**
 * Lets shards that are led elsewhere follow their journals, so that a takeover has little to read. Who leads
 * all of them reads none: each commit would come back to the one who wrote it. What is missed in between
 * is read when the next commit does not fit.
 */
export async function feedStandbys(deps: FeedDeps, ending: AbortSignal): Promise<void> {
  const { log, clock, logger, loops } = deps;
  const standsBy = () => loops.some(({ isLeading }) => !isLeading);
  const look = () => clock.sleep(LOOK_MS, ending).catch(() => undefined);
  const onError = (error: unknown) =>
    logger.error({ err: error }, 'the journals could not be followed');
  while (!ending.aborted) {
    if (!standsBy()) {
      await look();
      continue;
    }
    const enough = new AbortController();
    const following = log
      .lastSeq('DISPATCH')
      .then((seq) => {
        const range = { stream: 'DISPATCH', fromSeq: seq + 1 } as const;
        return followForEver({ log, clock, range, onError }, enough.signal, (stored) =>
          loops[shardOfSubject(stored.subject)]?.saw(stored),
        );
      })
      .catch(onError);
    while (!ending.aborted && standsBy()) await look();
    enough.abort();
    await following;
  }
}
