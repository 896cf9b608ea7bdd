// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be made of table elements
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus roves over rows, not cells or headings
/**
 * A virtual grid that scrolls with the page. Rows are plain elements, not the kit's: a thousand of
 * its components are too slow to scroll. The focus roves over rows (j, k, arrows), and the focused
 * row stays in the document when it is scrolled away, so that the focus is never lost.
 */
import { copyLink } from '../app/copy-link.js';
import { type Shortcut, useShortcuts } from '../app/shortcuts.js';
import classes from './grid.module.css';
import { messages } from './messages.js';
import type { Selecting } from './selection.js';
import { placeAfter, useGrid } from './use-grid.js';

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
  /** Gives the columns their tracks (`--tracks`). */
  className: string | undefined;
  /** The cells of a row, in the order of the columns; controls in it take the focus when `active`. */
  children: (row: T, active: boolean) => React.ReactNode;
  onOpen: (row: T) => void;
  /** Asked when the end comes near. */
  onEnd?: (() => void) | undefined;
  total?: number | undefined;
  /** How often each row was patched: its tint starts anew with each number. */
  patched?: ReadonlyMap<string, number>;
  /** With it rows can be chosen: a box in front of each, x, shift x and select all. */
  selecting?: Selecting | undefined;
  /** What a row's box is called. */
  nameOf?: ((row: T) => string) | undefined;
  /** The address of a row, to be copied. */
  hrefOf?: ((row: T) => string) | undefined;
  /** Keys on the focused row, beside open. */
  rowKeys?: readonly { keys: string; label: string; run: (row: T) => void }[];
}

export function Grid<T>(props: GridProps<T>) {
  const { rows, rowKey, rowHeight, onOpen } = props;
  const grid = useGrid({
    count: rows.length,
    rowHeight,
    onEnd: props.onEnd,
    keyOf: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
  });
  const { active, move, isFocused, virtual } = grid;
  const chosen = props.selecting?.selection.chosen;
  const step = (by: number): void => move(isFocused() ? active + by : active);
  const onActive = (run: (row: T) => void) => () => {
    const row = rows[active];
    if (row !== undefined && isFocused()) run(row);
  };
  const hrefOfActive = (): string => {
    const row = rows[active];
    return row !== undefined && isFocused() && props.hrefOf ? props.hrefOf(row) : location.href;
  };
  useShortcuts(props.label, [
    { keys: 'j', label: messages.next, run: () => step(1) },
    { keys: 'k', label: messages.previous, run: () => step(-1) },
    { keys: 'Enter', label: messages.openRow },
    ...selectionKeys(props, onActive),
    ...(props.hrefOf
      ? [{ keys: 'y', label: messages.copyRow, run: () => copyLink(hrefOfActive()) }]
      : []),
    ...(props.rowKeys ?? []).map((each) => ({ ...each, run: onActive(each.run) })),
  ]);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset['active'] !== 'true') return;
    const to = placeAfter(event.key, active, rows.length, rowHeight);
    const row = rows[active];
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
      data-selecting={props.selecting ? true : undefined}
      aria-multiselectable={props.selecting ? true : undefined}
    >
      <Head columns={props.columns} selects={props.selecting !== undefined} />
      <div
        ref={grid.body}
        role="rowgroup"
        className={classes.body}
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <Row
              key={item.key}
              index={item.index}
              active={item.index === active}
              height={rowHeight}
              top={item.start - grid.margin}
              patches={props.patched?.get(rowKey(row)) ?? 0}
              onFocus={grid.setActive}
              onOpen={() => onOpen(row)}
              isChosen={chosen?.has(rowKey(row))}
            >
              {props.selecting ? (
                <ChooseCell
                  name={props.nameOf?.(row) ?? rowKey(row)}
                  isChosen={chosen?.has(rowKey(row)) ?? false}
                  tabIndex={item.index === active ? 0 : -1}
                  onChoose={(isRange) =>
                    isRange
                      ? props.selecting?.range(rowKey(row), rows.map(rowKey))
                      : props.selecting?.toggle(rowKey(row))
                  }
                />
              ) : null}
              {props.children(row, item.index === active)}
            </Row>
          );
        })}
      </div>
    </div>
  );
}

/** The keys that choose rows, when rows can be chosen. */
function selectionKeys<T>(
  { selecting, rows, rowKey }: GridProps<T>,
  onActive: (run: (row: T) => void) => () => void,
): Shortcut[] {
  if (!selecting) return [];
  const order = (): string[] => rows.map(rowKey);
  const some = selecting.selection.chosen.size > 0;
  return [
    {
      keys: 'x',
      label: messages.choose,
      run: onActive((row) => selecting.toggle(rowKey(row))),
    },
    {
      keys: 'X',
      label: messages.chooseRange,
      run: onActive((row) => selecting.range(rowKey(row), order())),
    },
    { keys: 'mod+a', label: messages.chooseAll, run: () => selecting.selectAll(order()) },
    ...(some ? [{ keys: 'Escape', label: messages.chooseNone, run: selecting.clear }] : []),
  ];
}

interface ChooseCellProps {
  name: string;
  isChosen: boolean;
  tabIndex: number;
  onChoose: (isRange: boolean) => void;
}

function ChooseCell({ name, isChosen, tabIndex, onChoose }: ChooseCellProps) {
  return (
    <div role="gridcell" data-column="choose">
      <label className={classes.choose}>
        <input
          type="checkbox"
          checked={isChosen}
          tabIndex={tabIndex}
          aria-label={messages.chooseOne(name)}
          onChange={(event) => onChoose((event.nativeEvent as MouseEvent).shiftKey)}
        />
      </label>
    </div>
  );
}

function Head({ columns, selects }: { columns: readonly Column[]; selects: boolean }) {
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" aria-rowindex={1}>
        {selects ? (
          <span role="columnheader" data-column="choose">
            <span className="visually-hidden">{messages.chosen}</span>
          </span>
        ) : null}
        {columns.map((column) => (
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
  );
}

interface RowProps {
  index: number;
  active: boolean;
  height: number;
  top: number;
  patches: number;
  isChosen: boolean | undefined;
  onFocus: (index: number) => void;
  onOpen: () => void;
  children: React.ReactNode;
}

function Row(props: RowProps) {
  const { index, active, height, top, patches, isChosen, onFocus, onOpen, children } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of its rows
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-active={active}
      aria-selected={isChosen}
      data-tint={patches === 0 ? undefined : patches % 2}
      tabIndex={active ? 0 : -1}
      className={classes.row}
      style={{ height, translate: `0 ${top}px` }}
      onFocus={() => onFocus(index)}
      onClick={(event) => {
        if (!isControl(event.target, event.currentTarget)) onOpen();
      }}
    >
      {children}
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
