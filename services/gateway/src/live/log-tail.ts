import { LOG_TAIL_LOOK_MS, LOG_TAIL_PAGE, PUSH_EVERY_MS, READ_AGAIN_MS } from '../limits.js';
import { type LogLines, readLog } from '../queries/logs.js';
import { type Db } from '../queries/tasks.js';
import { type ChangesSource } from './changes.js';
import { endable, pause, Wake } from './wake.js';

export interface LogTailRequest {
  readonly db: Db;
  readonly account: string;
  readonly executionId: string;
  /** A cursor of the log. */
  readonly after?: string;
}

/**
 * The log of a run from a cursor on, and then whatever follows. Lines only ever come out of the
 * table, behind the last one that was told; a notice says no more than that it is worth a look.
 * So history joins the live part without gap or repetition, and a lost notice costs seconds.
 */
export function tailLog(
  { notices, clock, log }: ChangesSource,
  { db, account, executionId, after }: LogTailRequest,
): AsyncIterableIterator<LogLines> {
  return endable(async function* (signal) {
    const wake = new Wake();
    const stop = notices.listen('log', account, ({ keys }) => {
      if (keys.includes(executionId)) wake.notify();
    });
    let cursor = after ?? null;
    let isFirst = true;
    try {
      while (!signal.aborted) {
        let page: LogLines;
        try {
          page = await readLog(db, account, { executionId, limit: LOG_TAIL_PAGE, after: cursor });
        } catch (error) {
          log.warn({ err: error, executionId }, 'a log could not be read; it is read again');
          await pause(clock, READ_AGAIN_MS, signal);
          continue;
        }
        cursor = page.cursor;
        // The first page is told even when it is empty: the reader then knows that he is up to date.
        if (page.rows.length > 0 || isFirst) yield page;
        isFirst = false;
        if (page.hasMore) continue;
        await pause(clock, PUSH_EVERY_MS, signal);
        await wake.wait(signal, { clock, ms: LOG_TAIL_LOOK_MS });
      }
    } finally {
      stop();
    }
  });
}
