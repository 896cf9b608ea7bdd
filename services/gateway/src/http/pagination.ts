import { cursorOf, type Keyset, totalOf } from '../queries/page.js';

/** The part of an answer that says where in a list it stands. */
export function paginationOf<R>(
  page: { readonly rows: readonly R[]; readonly counted: number },
  { limit, offset }: { limit: number; offset: number },
  keysetOf: (row: R) => Keyset,
) {
  const { totalCount, totalIsExact } = totalOf(page.counted);
  const last = page.rows.length > limit ? page.rows[limit - 1] : undefined;
  return {
    total: totalCount,
    totalIsExact,
    limit,
    offset,
    ...(last === undefined ? {} : { nextCursor: cursorOf(keysetOf(last)) }),
  };
}
