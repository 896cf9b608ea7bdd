import type { DeadLettersSearch } from '../app/searches.js';
import { client, noData } from '../graphql/client.js';
import { type ListSource, pageOf } from '../live/use-live-list.js';
import {
  type Choice,
  type DeadLetter,
  DeadLettersChangedDocument,
  DeadLettersDocument,
} from './dead-letter-documents.js';

export type DeadLetterRow = DeadLetter & { position: string };

/** Each row brings the input of its run, which is a look-up of its own. */
const DEAD_LETTERS_PAGE = 40;

// Of two tellings the one that resolved it is the later one.
const rowOf = (letter: DeadLetter): DeadLetterRow => ({
  ...letter,
  position: `${Date.parse(letter.resolvedAt ?? letter.diedAt)}`,
});

const latestFirst = (a: DeadLetterRow, b: DeadLetterRow): number =>
  Date.parse(b.diedAt) - Date.parse(a.diedAt) || (a.id < b.id ? 1 : -1);

const statusOf = (search: DeadLettersSearch) => search.status ?? ['open'];

/** The same question as the server's, asked of one row that just changed. */
export const matches = (row: DeadLetter, search: DeadLettersSearch): boolean =>
  statusOf(search).some((status) => status === row.status) &&
  (!search.cause || search.cause.includes(row.cause)) &&
  (!search.code || search.code === row.errorCode) &&
  (!search.task || search.task === row.taskId);

const common = ({ cause, code, task }: DeadLettersSearch) => ({
  ...(cause ? { cause: [...cause] } : {}),
  ...(code ? { errorCode: code } : {}),
  ...(task ? { taskId: task } : {}),
});

/** All open ones that the filter lets through. */
export const choiceOf = (search: DeadLettersSearch): Choice => ({ filter: common(search) });

export function deadLetterSource(search: DeadLettersSearch): ListSource<DeadLetterRow> {
  const filter = { ...common(search), status: [...statusOf(search)] };
  return {
    key: `dead-letters ${JSON.stringify(filter)}`,
    load: async (after) => {
      const result = await client.query(
        DeadLettersDocument,
        { first: DEAD_LETTERS_PAGE, after: after ?? null, filter },
        { requestPolicy: 'network-only' },
      );
      if (!result.data) return { error: result.error ?? noData() };
      const { page } = pageOf(result.data.deadLetters);
      return { page: { ...page, rows: page.rows.map(rowOf) } };
    },
    listen: (onChange) =>
      client.subscription(DeadLettersChangedDocument, {}).subscribe((result) => {
        if (result.data) onChange(result.data.deadLettersChanged.map(rowOf));
      }).unsubscribe,
    belongs: (row) => matches(row, search),
    compare: latestFirst,
  };
}
