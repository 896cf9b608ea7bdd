/** Which rows of a list are chosen, by id. Pure, but for the hook at its end. */
import { useCallback, useState } from 'react';

export interface Selection {
  chosen: ReadonlySet<string>;
  /** Where a range begins: the row that was pressed last. */
  anchor: string | undefined;
}

export const NOTHING: Selection = { chosen: new Set(), anchor: undefined };

export function toggled({ chosen }: Selection, id: string): Selection {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return { chosen: next, anchor: id };
}

/** From the anchor to the row, both included; without an anchor that row alone. */
export function ranged(selection: Selection, id: string, order: readonly string[]): Selection {
  const from = order.indexOf(selection.anchor ?? id);
  const to = order.indexOf(id);
  if (from < 0 || to < 0) return toggled(selection, id);
  const span = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { chosen: new Set([...selection.chosen, ...span]), anchor: selection.anchor ?? id };
}

export const all = (order: readonly string[]): Selection => ({
  chosen: new Set(order),
  anchor: order.at(-1),
});

export interface Selecting {
  selection: Selection;
  toggle: (id: string) => void;
  range: (id: string, order: readonly string[]) => void;
  selectAll: (order: readonly string[]) => void;
  clear: () => void;
}

export function useSelection(): Selecting {
  const [selection, setSelection] = useState(NOTHING);
  return {
    selection,
    toggle: useCallback((id) => setSelection((now) => toggled(now, id)), []),
    range: useCallback((id, order) => setSelection((now) => ranged(now, id, order)), []),
    selectAll: useCallback((order) => setSelection(all(order)), []),
    clear: useCallback(() => setSelection(NOTHING), []),
  };
}
