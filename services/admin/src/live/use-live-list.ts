/**
 * The I/O around `live-list.ts`: pages over HTTP, changes over the socket. A list that was left is
 * kept for a while, so that Back shows it at once, scrolled as it was, and only then asks for news.
 */
import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { CombinedError } from 'urql';
import { useAsleep, useRefresh } from '../graphql/connection.js';
import {
  append,
  emptyList,
  type LiveList,
  patch,
  type Row,
  refresh as refreshed,
  remove,
  reveal,
} from './live-list.js';

export interface Page<T> {
  rows: readonly T[];
  cursor: string | undefined;
  total: number;
  exact: boolean;
}

interface Connection<T> {
  edges: readonly { node: T }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  totalCount: number;
  totalIsExact: boolean;
}

/** A page as the gateway gives one. */
export const pageOf = <T>({
  edges,
  pageInfo,
  totalCount,
  totalIsExact,
}: Connection<T>): { page: Page<T> } => ({
  page: {
    rows: edges.map((edge) => edge.node),
    cursor: pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
    total: totalCount,
    exact: totalIsExact,
  },
});

export type PageResult<T> = { page: Page<T> } | { error: CombinedError };

export interface ListSource<T extends Row> {
  /** Names what is asked for: another key is another list. */
  key: string;
  load: (after: string | undefined) => Promise<PageResult<T>>;
  listen: (onChange: (rows: readonly T[]) => void) => () => void;
  belongs: (row: T) => boolean;
  compare: (a: T, b: T) => number;
  /** Rows that are gone for good. */
  isGone?: (row: T) => boolean;
}

interface State<T extends Row> {
  key: string;
  list: LiveList<T>;
  cursor: string | undefined;
  total: number;
  exact: boolean;
  loaded: boolean;
  /** What is shown belongs to the question before. */
  stale: boolean;
  loadingMore: boolean;
  error: CombinedError | undefined;
}

type Action<T extends Row> =
  | { type: 'ask'; key: string }
  | { type: 'first'; key: string; page: Page<T>; belongs: (row: T) => boolean }
  | { type: 'more'; key: string }
  | { type: 'next'; key: string; page: Page<T> }
  | { type: 'failed'; key: string; error: CombinedError }
  | { type: 'changed'; rows: readonly T[]; source: ListSource<T> }
  | { type: 'reveal'; compare: (a: T, b: T) => number };

const MAX_KEPT = 8;
const kept = new Map<string, State<Row>>();

function keep(state: State<Row>): void {
  kept.delete(state.key);
  kept.set(state.key, { ...state, stale: false, loadingMore: false });
  const oldest = kept.keys().next().value;
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
}

/** The ids of a list that was left a while ago, in its order; none when it is not known any more. */
export const idsKept = (key: string): readonly string[] =>
  kept.get(key)?.list.rows.map((row) => row.id) ?? [];

const begin = <T extends Row>(key: string): State<T> =>
  (kept.get(key) as State<T> | undefined) ?? {
    key,
    list: emptyList<T>(),
    cursor: undefined,
    total: 0,
    exact: true,
    loaded: false,
    stale: false,
    loadingMore: false,
    error: undefined,
  };

function reduce<T extends Row>(state: State<T>, action: Action<T>): State<T> {
  if ('key' in action && action.type !== 'ask' && action.key !== state.key) return state;
  switch (action.type) {
    case 'ask': {
      const known = kept.get(action.key) as State<T> | undefined;
      if (known) return known;
      return { ...state, key: action.key, stale: state.loaded, error: undefined };
    }
    case 'first': {
      const { rows, cursor, total, exact } = action.page;
      const anew = !state.loaded || state.stale;
      const list = anew ? { ...emptyList<T>(), rows } : refreshed(state.list, rows, action.belongs);
      const restarted = anew || list.rows === rows;
      return {
        ...state,
        list,
        total,
        exact,
        cursor: restarted ? cursor : state.cursor,
        loaded: true,
        stale: false,
        error: undefined,
      };
    }
    case 'more':
      return { ...state, loadingMore: true };
    case 'next':
      return {
        ...state,
        list: append(state.list, action.page.rows),
        cursor: action.page.cursor,
        loadingMore: false,
      };
    case 'failed':
      return { ...state, error: action.error, loadingMore: false, stale: false };
    case 'changed': {
      if (!state.loaded || state.stale) return state;
      const { belongs, isGone } = action.source;
      const gone = isGone ? action.rows.filter(isGone) : [];
      const alive = isGone ? action.rows.filter((row) => !isGone(row)) : action.rows;
      const left = remove(state.list, new Set(gone.map((row) => row.id)));
      const patched = patch(left, alive, belongs);
      if (patched === state.list) return state;
      // On an empty screen there is nothing that could move.
      const list = left.rows.length === 0 ? reveal(patched, action.source.compare) : patched;
      const held = (of: LiveList<T>): number => of.rows.length + of.pending.length;
      const total = Math.max(0, state.total + held(list) - held(state.list));
      return { ...state, list, total };
    }
    case 'reveal':
      return { ...state, list: reveal(state.list, action.compare) };
  }
}

export interface LiveListView<T extends Row> {
  list: LiveList<T>;
  total: number;
  exact: boolean;
  loaded: boolean;
  stale: boolean;
  loadingMore: boolean;
  error: CombinedError | undefined;
  hasMore: boolean;
  more: () => void;
  reveal: () => void;
  retry: () => void;
}

export function useLiveList<T extends Row>(source: ListSource<T>): LiveListView<T> {
  const [state, dispatch] = useReducer(reduce<T>, source.key, begin<T>);
  const latest = useRef(source);
  const current = useRef(state);
  useEffect(() => {
    latest.current = source;
    current.current = state;
    if (state.loaded && !state.stale) keep(state as unknown as State<Row>);
  });
  const refresh = useRefresh();
  const asleep = useAsleep();
  const { key } = source;

  const loadFirst = useCallback(async () => {
    const asked = latest.current;
    const result = await asked.load(undefined);
    if ('error' in result) dispatch({ type: 'failed', key: asked.key, error: result.error });
    else dispatch({ type: 'first', key: asked.key, page: result.page, belongs: asked.belongs });
  }, []);

  useEffect(() => {
    dispatch({ type: 'ask', key });
  }, [key]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when either of them moves
  useEffect(() => {
    void loadFirst();
  }, [key, refresh, loadFirst]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question, another subscription
  useEffect(() => {
    if (asleep) return undefined;
    return latest.current.listen((rows) =>
      dispatch({ type: 'changed', rows, source: latest.current }),
    );
  }, [key, asleep]);

  const more = useCallback(async () => {
    const { cursor, loadingMore, stale } = current.current;
    if (cursor === undefined || loadingMore || stale) return;
    const asked = latest.current;
    dispatch({ type: 'more', key: asked.key });
    current.current = { ...current.current, loadingMore: true };
    const result = await asked.load(cursor);
    if ('error' in result) dispatch({ type: 'failed', key: asked.key, error: result.error });
    else dispatch({ type: 'next', key: asked.key, page: result.page });
  }, []);

  return {
    list: state.list,
    total: state.total,
    exact: state.exact,
    loaded: state.loaded,
    stale: state.stale || state.key !== key,
    loadingMore: state.loadingMore,
    error: state.error,
    hasMore: state.cursor !== undefined,
    more: useCallback(() => void more(), [more]),
    reveal: useCallback(() => dispatch({ type: 'reveal', compare: latest.current.compare }), []),
    retry: useCallback(() => void loadFirst(), [loadFirst]),
  };
}
