import { sql } from 'kysely';
import { type Clock } from '#libs/clock';
import { type StreamName } from '#libs/contracts';
import { type Logger } from '#libs/runtime';
import { POSITION_POLL_MS, POSITION_WAIT_MS } from '../limits.js';
import { type Db } from '../queries/tasks.js';
import { type Notices } from './notices.js';
import { Wake } from './wake.js';

export interface PositionSource {
  readonly db: Db;
  readonly notices: Notices;
  readonly clock: Clock;
  readonly log: Logger;
  /** For specs; else `POSITION_WAIT_MS`. */
  readonly waitMs?: number;
}

const READ_MODELS = [
  'task',
  'automation',
  'workflow',
  'calendar',
  'maintenance',
  'execution',
  'backfill',
  'deadLetter',
  'redrive',
] as const;

/**
 * Waits, within a limit, until every projection of a stream has read up to a position, so that what
 * a caller reads after his answer has what he did. Gives whether it came to that: past the limit the
 * command still holds, only its traces are late.
 */
export async function reached(
  source: PositionSource,
  account: string,
  stream: StreamName,
  seq: number,
): Promise<boolean> {
  const { db, notices, clock, log, waitMs = POSITION_WAIT_MS } = source;
  const wake = new Wake();
  const stops = READ_MODELS.map((readModel) =>
    notices.listen(readModel, account, (notice) => {
      if (notice.stream === stream && notice.seq >= seq) wake.notify();
    }),
  );
  const untilMs = clock.monotonic() + waitMs;
  const never = new AbortController().signal;
  try {
    for (;;) {
      if ((await lowestPosition(db, stream)) >= seq) return true;
      const leftMs = untilMs - clock.monotonic();
      if (leftMs <= 0) return false;
      await wake.wait(never, { clock, ms: Math.min(POSITION_POLL_MS, leftMs) });
    }
  } catch (error) {
    // The command was accepted: an answer without the wait is better than none.
    log.warn({ err: error, stream }, 'the position of the read model is not known');
    return false;
  } finally {
    for (const stop of stops) stop();
  }
}

/** Of the projections that are in use: an older version may stand beside its successor. */
async function lowestPosition(db: Db, stream: StreamName): Promise<number> {
  const { rows } = await sql<{ seq: number | null }>`
    select min(seq) as seq from projection_position as one
    where stream = ${stream} and version =
      (select max(version) from projection_position where projection = one.projection)`.execute(db);
  return rows[0]?.seq ?? 0;
}
