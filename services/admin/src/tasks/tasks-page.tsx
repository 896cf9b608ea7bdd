import { Button } from '@mantine/core';
import { IconClockPlus, IconFilterOff, IconPlus } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { Page } from '../app/page.js';
import type { TaskState, TasksSearch } from '../app/searches.js';
import type { TaskRow } from '../graphql/fragments.js';
import { Chips } from '../kit/chips.js';
import { LinkButton } from '../kit/link-button.js';
import { messages as kitMessages } from '../kit/messages.js';
import { NewRows } from '../kit/new-rows.js';
import { SearchField } from '../kit/search-field.js';
import { Bones, Empty, Failure } from '../kit/states.js';
import { type LiveListView, useLiveList } from '../live/use-live-list.js';
import { formatTotal } from '../numbers.js';
import { StatusIcon } from '../status/status-icon.js';
import { type TaskType, taskTypeLabel } from '../words.js';
import { messages } from './messages.js';
import { taskSource } from './task-source.js';
import classes from './tasks.module.css';
import { TasksGrid } from './tasks-grid.js';

const route = getRouteApi('/tasks');

const stateChips: { value: TaskState; label: React.ReactNode }[] = [
  { value: 'active', label: messages.active },
  {
    value: 'paused',
    label: (
      <>
        <StatusIcon status="paused" size={11} />
        {messages.paused}
      </>
    ),
  },
];

/** Workflows have no chip until there are workflows. */
const typeChips: { value: TaskType; label: string }[] = (
  ['browser_automation', 'system'] as const
).map((type) => ({ value: type, label: taskTypeLabel[type] }));

export function TasksPage() {
  const search = route.useSearch();
  const key = JSON.stringify(search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the search
  const source = useMemo(() => taskSource(search), [key]);
  const view = useLiveList(source);
  return (
    <Page
      title={messages.tasks}
      lead={view.loaded ? messages.lead(formatTotal(view.total, view.exact)) : ' '}
      actions={
        <LinkButton to="/tasks/new" variant="filled" leftSection={<IconPlus size={15} />}>
          {messages.newTask}
        </LinkButton>
      }
    >
      <Filters search={search} />
      <TaskList search={search} view={view} />
    </Page>
  );
}

/** One of a few: pressing another chip takes its place. */
const last = <T,>(chosen: readonly T[]): T | undefined => chosen.at(-1);

function Filters({ search }: { search: TasksSearch }) {
  const navigate = useNavigate({ from: '/tasks' });
  const change = useCallback(
    (next: TasksSearch) => void navigate({ search: (now) => ({ ...now, ...next }), replace: true }),
    [navigate],
  );
  const onSearch = useCallback((q: string) => change({ q }), [change]);
  return (
    <div className={classes.filters}>
      <SearchField value={search.q ?? ''} label={messages.search} onChange={onSearch} />
      <Chips
        label={messages.status}
        chips={stateChips}
        chosen={search.status ? [search.status] : []}
        onChange={(chosen) => change({ status: last(chosen) })}
      />
      <Chips
        label={messages.type}
        chips={typeChips}
        chosen={search.type ? [search.type] : []}
        onChange={(chosen) => change({ type: last(chosen) })}
      />
    </div>
  );
}

function TaskList({ search, view }: { search: TasksSearch; view: LiveListView<TaskRow> }) {
  const navigate = useNavigate();
  const filtered = Object.values(search).some((value) => value !== undefined);
  if (view.error && !view.loaded) return <Failure error={view.error} onRetry={view.retry} />;
  if (!view.loaded) return <Bones lines={10} tall />;
  if (view.list.rows.length === 0)
    return filtered ? (
      <Empty
        title={messages.emptyFilter}
        hint={messages.emptyFilterHint}
        icon={<IconFilterOff size={20} />}
      >
        <Button onClick={() => void navigate({ to: '/tasks', replace: true })}>
          {kitMessages.clearFilters}
        </Button>
      </Empty>
    ) : (
      <Empty
        title={messages.emptyTitle}
        hint={messages.emptyHint}
        icon={<IconClockPlus size={20} />}
      >
        <LinkButton to="/tasks/new" variant="filled">
          {messages.newTask}
        </LinkButton>
      </Empty>
    );
  return (
    <div className={view.stale ? classes.stale : undefined} aria-busy={view.stale}>
      <NewRows count={view.list.pending.length} onShow={view.reveal} />
      <TasksGrid
        rows={view.list.rows}
        total={view.total}
        patched={view.list.patched}
        onEnd={view.more}
      />
      {view.loadingMore ? <p className={classes.more}>{kitMessages.loadingMore}</p> : null}
    </div>
  );
}
