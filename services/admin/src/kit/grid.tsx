// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be made of table elements
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus roves over rows, not cells or headings
/**
 * A virtual grid that scrolls with the page. Rows are plain elements, not the kit's: a thousand of
 * its components are too slow to scroll. The focus roves over rows (j, k, arrows), and the focused
 * row stays in the document when it is scrolled away, so that the focus is never lost.
 */
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useShortcuts } from '../app/shortcuts.js';
import classes from './grid.module.css';
import { messages } from './messages.js';

export interface Column {
  key: string;
  label: string;
  align?: 'end';
  /** The label is for screen readers only. */
  quiet?: boolean;
}

interface GridProps<T> {
  label: string;
  columns: readonly Column[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** Height of a row, in pixels. */
  rowHeight: number;
  /** Gives the columns their tracks (`grid-template-columns`). */
  className: string | undefined;
  /** The cells of a row, in the order of the columns; controls in it take the focus when `active`. */
  children: (row: T, active: boolean) => React.ReactNode;
  onOpen: (row: T) => void;
  /** Asked when the end comes near. */
  onEnd?: (() => void) | undefined;
  total?: number | undefined;
  /** How often each row was patched: its tint starts anew with each number. */
  patched?: ReadonlyMap<string, number>;
  /** Keys on the focused row, beside open. */
  rowKeys?: readonly { keys: string; label: string; run: (row: T) => void }[];
}

const OVERSCAN = 12;
const AHEAD = 25;

export function Grid<T>(props: GridProps<T>) {
  const { rows, rowKey, rowHeight, onOpen, onEnd, patched } = props;
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const [active, setActive] = useState(0);
  const wanted = useRef(false);

  useLayoutEffect(() => {
    const main = document.getElementById('main');
    if (!body.current || !main) return undefined;
    const measure = (): void => {
      if (!body.current) return;
      const top = body.current.getBoundingClientRect().top - main.getBoundingClientRect().top;
      setMargin(Math.round(top + main.scrollTop));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(main.firstElementChild ?? main);
    return () => observer.disconnect();
  }, []);

  const virtual = useVirtualizer<HTMLElement, HTMLDivElement>({
    count: rows.length,
    getScrollElement: () => document.getElementById('main'),
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: margin,
    scrollPaddingStart: 48,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return active < rows.length && !shown.includes(active)
        ? [...shown, active].sort((a, b) => a - b)
        : shown;
    },
  });
  useEffect(() => virtual.measure(), [virtual]);

  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && rows.length > 0 && last >= rows.length - AHEAD) onEnd();
  }, [last, rows.length, onEnd]);

  useEffect(() => {
    if (!wanted.current) return;
    wanted.current = false;
    body.current?.querySelector<HTMLElement>(`[data-index="${active}"]`)?.focus();
  });

  const move = useCallback(
    (to: number) => {
      const target = Math.max(0, Math.min(rows.length - 1, to));
      wanted.current = true;
      setActive(target);
      virtual.scrollToIndex(target, { align: 'auto' });
    },
    [rows.length, virtual],
  );
  const focused = (): boolean => body.current?.contains(document.activeElement) ?? false;
  const step = (by: number): void => move(focused() ? active + by : active);
  const onActive = (run: (row: T) => void) => () => {
    const row = rows[active];
    if (row !== undefined && focused()) run(row);
  };
  useShortcuts(props.label, [
    { keys: 'j', label: messages.next, run: () => step(1) },
    { keys: 'k', label: messages.previous, run: () => step(-1) },
    ...(props.rowKeys ?? []).map((each) => ({ ...each, run: onActive(each.run) })),
  ]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.target !== event.currentTarget.querySelector('[data-active="true"]')) return;
    const row = rows[active];
    const page = Math.max(1, Math.floor(innerHeight / rowHeight) - 4);
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) move(to);
    else if (event.key === 'Enter' && row !== undefined) onOpen(row);
    else return;
    event.preventDefault();
  };

  return (
    <div
      role="grid"
      aria-label={props.label}
      aria-rowcount={(props.total ?? rows.length) + 1}
      className={`${classes.grid} ${props.className ?? ''}`}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      <div role="rowgroup" className={classes.head}>
        <div role="row" aria-rowindex={1}>
          {props.columns.map((column) => (
            <span
              key={column.key}
              role="columnheader"
              data-column={column.key}
              data-align={column.align}
            >
              <span className={column.quiet ? 'visually-hidden' : undefined}>{column.label}</span>
            </span>
          ))}
        </div>
      </div>
      <div
        ref={body}
        role="rowgroup"
        className={classes.body}
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const id = rowKey(row);
          const patches = patched?.get(id) ?? 0;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of its rows
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              data-index={item.index}
              data-active={item.index === active}
              data-tint={patches === 0 ? undefined : patches % 2}
              tabIndex={item.index === active ? 0 : -1}
              className={classes.row}
              style={{ height: rowHeight, translate: `0 ${item.start - margin}px` }}
              onFocus={() => setActive(item.index)}
              onClick={(event) => {
                if (!isControl(event.target, event.currentTarget)) onOpen(row);
              }}
            >
              {props.children(row, item.index === active)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** A press on a control in a row is the control's; so is the end of a selection of text. */
function isControl(target: EventTarget, row: HTMLElement): boolean {
  if (getSelection()?.toString()) return true;
  const control = target instanceof Element ? target.closest('a, button, input, label') : null;
  return control !== null && row.contains(control);
}

interface CellProps {
  column: string;
  align?: 'end';
  className?: string | undefined;
  children?: React.ReactNode;
}

export function Cell({ column, align, className, children }: CellProps) {
  return (
    <div role="gridcell" data-column={column} data-align={align} className={className}>
      {children}
    </div>
  );
}
