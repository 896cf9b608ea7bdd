import { type CountedPage, type Page, totalOf } from '../queries/keyset.js';

/** The part of an answer that says where in a list it stands. */
export function paginationOf<R>(
  page: CountedPage<R>,
  { limit, offset }: { readonly limit: number; readonly offset: number },
) {
  return { ...totalOf(page), limit, offset, ...nextOf(page) };
}

/** Absent on the last page. */
export function nextOf<R>({ rows, hasMore, cursorOf }: Page<R>): { nextCursor?: string } {
  const last = hasMore ? rows.at(-1) : undefined;
  return last === undefined ? {} : { nextCursor: cursorOf(last) };
}
