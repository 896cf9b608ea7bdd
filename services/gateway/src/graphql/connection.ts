import { type CountedPage, type Page, totalOf } from '../queries/keyset.js';

/** One page of a list, as Relay has it. */
export interface Connection<T> {
  readonly edges: { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface CountedConnection<T> extends Connection<T> {
  readonly totalCount: number;
  readonly totalIsExact: boolean;
}

export function connectionOfPage<R, T>(
  { rows, hasMore, cursorOf }: Page<R>,
  node: (row: R) => T,
): Connection<T> {
  const edges = rows.map((row) => ({ cursor: cursorOf(row), node: node(row) }));
  const endCursor = edges.at(-1)?.cursor ?? null;
  return { edges, pageInfo: { hasNextPage: hasMore, endCursor } };
}

export function countedConnection<R, T>(
  page: CountedPage<R>,
  node: (row: R) => T,
): CountedConnection<T> {
  const { total, totalIsExact } = totalOf(page);
  return { ...connectionOfPage(page, node), totalCount: total, totalIsExact };
}
