import { type Selectable } from 'kysely';
import { z } from 'zod';
import { type LogLineTable } from '#libs/read-model';
import { type LogLevelWord, logLevels } from '../shapes/words.js';
import { columnOf, cursorOf, type Order, placeAt, readPage } from './keyset.js';
import { type Db } from './tasks.js';

export type LogRow = Selectable<LogLineTable>;

/** Of the log: sequence of the chunk, and place in the chunk. */
const byLog: Order<LogRow> = {
  columns: ['seq', 'place'],
  direction: 'asc',
  place: z.tuple([columnOf.count, columnOf.count]),
};

export interface LogQuery {
  readonly executionId: string;
  readonly limit: number;
  readonly after?: string | null | undefined;
  /** Lines of this level and of more severe ones. */
  readonly level?: LogLevelWord;
  readonly attempt?: number;
}

export interface LogLines {
  readonly rows: readonly LogRow[];
  readonly hasMore: boolean;
  /** Where the next page begins: after the last line, or where this one began. */
  readonly cursor: string | null;
}

/** Lines in the order of the log, which is that of their cursors. */
export async function readLog(db: Db, account: string, query: LogQuery): Promise<LogLines> {
  const { executionId, limit, after, level, attempt } = query;
  const matching = db
    .selectFrom('log_line')
    .where('account', '=', account)
    .where('execution_id', '=', executionId)
    .$if(level !== undefined && level !== 'debug', (lines) =>
      lines.where('level', 'in', logLevels.slice(logLevels.indexOf(level ?? 'debug'))),
    )
    .$if(attempt !== undefined, (lines) => lines.where('attempt', '=', attempt ?? 0));
  const { rows, hasMore } = await readPage(matching, byLog, { limit, after });
  const last = rows.at(-1);
  return { rows, hasMore, cursor: last ? logCursorOf(last) : (after ?? null) };
}

export function logCursorOf(row: LogRow): string {
  return cursorOf(byLog, row);
}

/** The cursor, if it is one of a log. */
export function checkedLogCursor(cursor: string | null | undefined): string | undefined {
  if (!cursor) return undefined;
  placeAt(byLog, cursor);
  return cursor;
}
