import { IconClockPlus, IconPlus } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { Page } from '../app/page.js';
import type { TaskState, TasksSearch } from '../app/searches.js';
import type { TaskRow } from '../graphql/fragments.js';
import { BulkBar } from '../kit/bulk-bar.js';
import type { BulkAction } from '../kit/bulk-dialog.js';
import { Chips } from '../kit/chips.js';
import { LinkButton } from '../kit/link-button.js';
import { FilterBar, isFiltered, ListFrame } from '../kit/list-frame.js';
import { useSelection } from '../kit/selection.js';
import { Empty } from '../kit/states.js';
import { type LiveListView, useLiveList } from '../live/use-live-list.js';
import { formatTotal } from '../numbers.js';
import { runTask } from '../runs/start-run.js';
import { StatusIcon } from '../status/status-icon.js';
import { type TaskType, taskTypeLabel } from '../words.js';
import { pauseTask, resumeTask } from './change-task.js';
import { messages } from './messages.js';
import { TaskPeek } from './task-peek.js';
import { taskSource } from './task-source.js';
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

const bulkActions: readonly BulkAction[] = [
  { label: messages.runNow, does: messages.bulkRun, act: ({ id }) => runTask(id) },
  { label: messages.pause, does: messages.bulkPause, act: ({ id }) => pauseTask(id) },
  { label: messages.resume, does: messages.bulkResume, act: ({ id }) => resumeTask(id) },
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
    <FilterBar search={search.q} label={messages.search} onSearch={onSearch}>
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
    </FilterBar>
  );
}

function TaskList({ search, view }: { search: TasksSearch; view: LiveListView<TaskRow> }) {
  const navigate = useNavigate({ from: '/tasks' });
  const { peek, ...filter } = search;
  const look = useCallback(
    (id: string | undefined) =>
      void navigate({
        search: (now) => ({ ...now, peek: id }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  const selecting = useSelection();
  const chosen = view.list.rows.filter((row) => selecting.selection.chosen.has(row.id));
  return (
    <ListFrame
      view={view}
      noMatch={isFiltered(filter) ? messages.emptyFilter : undefined}
      onClear={() => void navigate({ to: '/tasks', replace: true })}
      empty={
        <Empty
          title={messages.emptyTitle}
          hint={messages.emptyHint}
          icon={<IconClockPlus size={20} />}
        >
          <LinkButton to="/tasks/new" variant="filled">
            {messages.newTask}
          </LinkButton>
        </Empty>
      }
    >
      <TasksGrid
        rows={view.list.rows}
        total={view.total}
        patched={view.list.patched}
        onEnd={view.more}
        selecting={selecting}
        onPeek={look}
      />
      {peek ? <TaskPeek id={peek} onClose={() => look(undefined)} /> : null}
      <BulkBar
        selecting={selecting}
        items={chosen}
        total={view.total}
        isExact={view.exact}
        actions={bulkActions}
      />
    </ListFrame>
  );
}
