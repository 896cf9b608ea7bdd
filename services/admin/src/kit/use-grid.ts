/** What moves in a grid: its window over the rows, and the focus that roves over them. */
import { defaultRangeExtractor, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import {
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';

const OVERSCAN = 12;
const AHEAD = 25;
/** Rows of a page that stay in sight when it is turned. */
const OVERLAP = 4;
const MAX_PRINTED = 1000;

interface GridState {
  body: RefObject<HTMLDivElement | null>;
  virtual: Virtualizer<HTMLElement, HTMLDivElement>;
  /** Where the rows begin on the page that scrolls. */
  margin: number;
  active: number;
  setActive: (index: number) => void;
  move: (index: number) => void;
  isFocused: () => boolean;
}

interface GridOptions {
  count: number;
  rowHeight: number;
  keyOf: (index: number) => string | number;
  onEnd: (() => void) | undefined;
}

const scroller = (): HTMLElement | null => document.getElementById('main');

export function useGrid({ count, rowHeight, keyOf, onEnd }: GridOptions): GridState {
  const body = useRef<HTMLDivElement>(null);
  const margin = useTopOf(body);
  const printing = usePrinting();
  const [active, setActive] = useState(0);
  const focusWanted = useRef(-1);
  const virtual = useVirtualizer<HTMLElement, HTMLDivElement>({
    count,
    getScrollElement: scroller,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: margin,
    scrollPaddingStart: 48,
    getItemKey: keyOf,
    // The row with the focus stays in the document, wherever the page is scrolled to.
    rangeExtractor: (range) => {
      if (printing) return Array.from({ length: Math.min(count, MAX_PRINTED) }, (_, row) => row);
      const shown = defaultRangeExtractor(range);
      return active < count && !shown.includes(active)
        ? [...shown, active].sort((a, b) => a - b)
        : shown;
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again when rows change height
  useEffect(() => virtual.measure(), [rowHeight, virtual]);

  const last = virtual.getVirtualItems().at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && count > 0 && last >= count - AHEAD) onEnd();
  }, [last, count, onEnd]);

  useEffect(() => {
    if (focusWanted.current !== active) return;
    focusWanted.current = -1;
    focusRow(body.current, active);
  });

  const move = useCallback(
    (to: number) => {
      const target = Math.max(0, Math.min(count - 1, to));
      virtual.scrollToIndex(target, { align: 'auto' });
      setActive(target);
      // A row that is not in the document yet takes the focus as soon as it is.
      if (!focusRow(body.current, target)) focusWanted.current = target;
    },
    [count, virtual],
  );
  const isFocused = (): boolean => body.current?.contains(document.activeElement) ?? false;
  return { body, virtual, margin, active, setActive, move, isFocused };
}

const paper = matchMedia('print');

/** On paper there is no scrolling: all rows that are there are drawn, up to a bound. */
function usePrinting(): boolean {
  return useSyncExternalStore(
    (listener) => {
      paper.addEventListener('change', listener);
      return () => paper.removeEventListener('change', listener);
    },
    () => paper.matches,
  );
}

/** The virtualiser scrolls; the browser must not do it a second time. */
function focusRow(body: HTMLElement | null, index: number): boolean {
  const row = body?.querySelector<HTMLElement>(`[data-index="${index}"]`);
  row?.focus({ preventScroll: true });
  return Boolean(row);
}

/** Follows what is above the rows: filters wrap, panels grow. */
function useTopOf(body: RefObject<HTMLDivElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const main = scroller();
    if (!main) return undefined;
    const measure = (): void => {
      if (!body.current) return;
      const from = body.current.getBoundingClientRect().top - main.getBoundingClientRect().top;
      setTop(Math.round(from + main.scrollTop));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(main.firstElementChild ?? main);
    return () => observer.disconnect();
  }, [body]);
  return top;
}

/** Where a key leads from a row; undefined for other keys. */
export function placeAfter(key: string, active: number, count: number, rowHeight: number) {
  const page = Math.max(1, Math.floor(innerHeight / rowHeight) - OVERLAP);
  const moves: Record<string, number> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: count - 1,
  };
  return moves[key];
}
