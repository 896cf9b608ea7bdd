import { type Selectable, type SqlBool, sql } from 'kysely';
import { type LogLineTable } from '#libs/read-model';
import { type LogLevelWord, logLevels } from '../shapes/words.js';
import { type LogPlace, logCursorOf } from './page.js';
import { type Db } from './tasks.js';

export type LogRow = Selectable<LogLineTable>;

export interface LogQuery {
  readonly executionId: string;
  readonly limit: number;
  readonly after?: LogPlace;
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
  const found = await db
    .selectFrom('log_line')
    .selectAll()
    .where('account', '=', account)
    .where('execution_id', '=', executionId)
    .$if(after !== undefined, (lines) =>
      lines.where(sql<SqlBool>`(seq, place) > (${after?.seq}, ${after?.place})`),
    )
    .$if(level !== undefined && level !== 'debug', (lines) =>
      lines.where('level', 'in', logLevels.slice(logLevels.indexOf(level ?? 'debug'))),
    )
    .$if(attempt !== undefined, (lines) => lines.where('attempt', '=', attempt ?? 0))
    .orderBy('seq')
    .orderBy('place')
    .limit(limit + 1)
    .execute();
  const rows = found.slice(0, limit);
  const last = rows.at(-1) ?? after;
  return { rows, hasMore: found.length > limit, cursor: last ? logCursorOf(last) : null };
}
