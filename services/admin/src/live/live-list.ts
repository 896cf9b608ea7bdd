/**
 * A list that changes while somebody reads it. Rows on the screen are patched where they are, even
 * when they no longer match the filter: nothing moves under the pointer. Rows that are new gather
 * in `pending` until the reader asks for them. Pure: a list in, a list out.
 */
export interface Row {
  id: string;
  /** Place in the log of the last change, a decimal number: later wins. */
  position: string;
}

export interface LiveList<T extends Row> {
  rows: readonly T[];
  /** New rows that are held back, newest first. */
  pending: readonly T[];
  /** How often each row on the screen was patched: the key of its tint. */
  patched: ReadonlyMap<string, number>;
}

/** More new rows than this are not worth holding: the list is read anew instead. */
export const MAX_PENDING = 500;

export const emptyList = <T extends Row>(): LiveList<T> => ({
  rows: [],
  pending: [],
  patched: new Map(),
});

/** Positions are compared as numbers; the same position may carry later facts of another stream. */
export function isOlder(candidate: string, known: string): boolean {
  if (candidate.length !== known.length) return candidate.length < known.length;
  return candidate < known;
}

export function append<T extends Row>(list: LiveList<T>, page: readonly T[]): LiveList<T> {
  const known = new Set(list.rows.map((row) => row.id));
  const rows = [...list.rows, ...page.filter((row) => !known.has(row.id))];
  const shown = new Set(rows.map((row) => row.id));
  return { ...list, rows, pending: list.pending.filter((row) => !shown.has(row.id)) };
}

export function patch<T extends Row>(
  list: LiveList<T>,
  changes: readonly T[],
  belongs: (row: T) => boolean,
): LiveList<T> {
  const places = new Map(list.rows.map((row, place) => [row.id, place]));
  let rows: T[] | undefined;
  let patched: Map<string, number> | undefined;
  let pending: T[] | undefined;
  for (const change of changes) {
    const place = places.get(change.id);
    if (place !== undefined) {
      const known = (rows ?? list.rows)[place];
      if (!known || isOlder(change.position, known.position) || isSame(change, known)) continue;
      rows ??= [...list.rows];
      rows[place] = change;
      patched ??= new Map(list.patched);
      patched.set(change.id, (patched.get(change.id) ?? 0) + 1);
      continue;
    }
    pending ??= [...list.pending];
    const held = pending.findIndex((row) => row.id === change.id);
    if (held >= 0) {
      const known = pending[held];
      if (known && isOlder(change.position, known.position)) continue;
      if (belongs(change)) pending[held] = change;
      else pending.splice(held, 1);
    } else if (belongs(change)) {
      pending.unshift(change);
    }
  }
  if (!rows && !pending) return list;
  return {
    rows: rows ?? list.rows,
    patched: patched ?? list.patched,
    pending: pending ? pending.slice(0, MAX_PENDING) : list.pending,
  };
}

/** Shows what was held back, on top and in order. */
export function reveal<T extends Row>(
  list: LiveList<T>,
  compare: (a: T, b: T) => number,
): LiveList<T> {
  if (list.pending.length === 0) return list;
  const rows = [...list.pending].sort(compare);
  return { ...list, rows: [...rows, ...list.rows], pending: [] };
}

/**
 * The first page, read again after the page was behind. When it still meets what is on the screen,
 * it is a set of changes; when it does not, too much has happened and the list starts anew.
 */
export function refresh<T extends Row>(
  list: LiveList<T>,
  page: readonly T[],
  belongs: (row: T) => boolean,
): LiveList<T> {
  const known = new Set([...list.rows, ...list.pending].map((row) => row.id));
  const meets = page.some((row) => known.has(row.id));
  if (!meets || list.pending.length >= MAX_PENDING) return { ...emptyList<T>(), rows: page };
  return patch(list, [...page].reverse(), belongs);
}

/** Takes rows out that are gone for good. */
export function remove<T extends Row>(list: LiveList<T>, ids: ReadonlySet<string>): LiveList<T> {
  if (![...list.rows, ...list.pending].some((row) => ids.has(row.id))) return list;
  const stays = (row: T): boolean => !ids.has(row.id);
  return { ...list, rows: list.rows.filter(stays), pending: list.pending.filter(stays) };
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
