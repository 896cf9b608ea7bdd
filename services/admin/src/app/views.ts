/**
 * Saved views: addresses with a name. A view is a filter that stays relative and can be shared,
 * since it is nothing but what stands behind the `?`; the names are one person's on one machine.
 */
import { useSyncExternalStore } from 'react';
import { hasTexts, readStored, writeStored } from './stored.js';

export interface SavedView {
  /** The page that it is a view of, such as `/runs`. */
  page: string;
  name: string;
  /** With its `?`. */
  search: string;
  /** Where the rail leads to, instead of to everything. */
  isDefault?: boolean;
}

const KEY = 'carillon.views';
const MAX_KEPT = 60;

const isView = (value: unknown): value is SavedView => hasTexts(value, ['page', 'name', 'search']);

let views: readonly SavedView[] = readStored(KEY, isView);
const listeners = new Set<() => void>();

function set(next: readonly SavedView[]): void {
  views = next.slice(-MAX_KEPT);
  writeStored(KEY, views);
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useViews = (): readonly SavedView[] => useSyncExternalStore(subscribe, () => views);

const isSame = (a: SavedView, b: Pick<SavedView, 'page' | 'name'>): boolean =>
  a.page === b.page && a.name === b.name;

/** One of the same name is replaced. */
export const withView = (all: readonly SavedView[], view: SavedView): readonly SavedView[] => [
  ...all.filter((each) => !isSame(each, view)),
  view,
];

/** A page has one default, or none: pressed again it is none. */
export const withDefault = (all: readonly SavedView[], view: SavedView): readonly SavedView[] =>
  all.map((each) =>
    each.page === view.page
      ? { ...each, isDefault: isSame(each, view) && view.isDefault !== true }
      : each,
  );

export const saveView = (view: SavedView): void => set(withView(views, view));

export const removeView = (view: SavedView): void =>
  set(views.filter((each) => !isSame(each, view)));

export const toggleDefault = (view: SavedView): void => set(withDefault(views, view));

export const defaultSearchOf = (all: readonly SavedView[], page: string): string =>
  all.find((each) => each.page === page && each.isDefault)?.search ?? '';
