/** The frame of every list that lives: filters above, then the one state that it is in. */
import { Button } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import type { Row } from '../live/live-list.js';
import type { LiveListView } from '../live/use-live-list.js';
import classes from './list.module.css';
import { messages } from './messages.js';
import { NewRows } from './new-rows.js';
import { SearchField } from './search-field.js';
import { Bones, Empty, Failure } from './states.js';
import { ViewsButton } from './views-button.js';

interface FilterBarProps {
  search: string | undefined;
  label: string;
  onSearch: (text: string) => void;
  children?: React.ReactNode;
}

export function FilterBar({ search, label, onSearch, children }: FilterBarProps) {
  return (
    <div className={classes.filters}>
      <SearchField value={search ?? ''} label={label} onChange={onSearch} />
      {children}
      <ViewsButton />
    </div>
  );
}

interface ListFrameProps<T extends Row> {
  view: LiveListView<T>;
  /** Whether anything was left out by a filter; if so, what is said when nothing is left. */
  noMatch: string | undefined;
  onClear: () => void;
  /** Instead of the list while there is nothing at all. */
  empty: React.ReactNode;
  children: React.ReactNode;
}

const BONES = 12;

export function ListFrame<T extends Row>(props: ListFrameProps<T>) {
  const { view, noMatch, children } = props;
  if (view.error && !view.loaded) return <Failure error={view.error} onRetry={view.retry} />;
  if (!view.loaded) return <Bones lines={BONES} tall />;
  if (view.list.rows.length === 0 && view.list.pending.length === 0)
    return noMatch === undefined ? (
      props.empty
    ) : (
      <Empty title={noMatch} hint={messages.noMatchHint} icon={<IconFilterOff size={20} />}>
        <Button onClick={props.onClear}>{messages.clearFilters}</Button>
      </Empty>
    );
  return (
    <div className={view.stale ? classes.stale : undefined} aria-busy={view.stale}>
      <NewRows count={view.list.pending.length} onShow={view.reveal} />
      {children}
      {view.loadingMore ? <p className={classes.more}>{messages.loadingMore}</p> : null}
    </div>
  );
}

/** Whether the address asks for less than everything. */
export const isFiltered = (search: object): boolean =>
  Object.values(search).some((value) => value !== undefined);
