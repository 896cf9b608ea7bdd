import { Button } from '@mantine/core';
import { IconListDetails, IconX } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { Page } from '../app/page.js';
import { stringifySearch } from '../app/search.js';
import type { RunsSearch } from '../app/searches.js';
import type { ExecutionRow } from '../graphql/fragments.js';
import { BulkBar } from '../kit/bulk-bar.js';
import type { BulkAction } from '../kit/bulk-dialog.js';
import { Chips } from '../kit/chips.js';
import { LinkButton } from '../kit/link-button.js';
import { FilterBar, isFiltered, ListFrame } from '../kit/list-frame.js';
import { useSelection } from '../kit/selection.js';
import { Empty } from '../kit/states.js';
import { type LiveListView, useLiveList } from '../live/use-live-list.js';
import { formatTotal } from '../numbers.js';
import { isOpen, runStatuses, statusLabel } from '../status/status.js';
import { StatusIcon } from '../status/status-icon.js';
import { triggerLabel, triggers } from '../words.js';
import { messages } from './messages.js';
import { runSource } from './run-source.js';
import { RunsGrid } from './runs-grid.js';
import { cancelExecution, retryExecution } from './start-run.js';
import { useStart } from './use-start.js';

const route = getRouteApi('/runs');

const statusChips = runStatuses.map((status) => ({
  value: status,
  label: (
    <>
      <StatusIcon status={status} size={12} />
      {statusLabel[status]}
    </>
  ),
}));

const triggerChips = triggers.map((trigger) => ({ value: trigger, label: triggerLabel[trigger] }));

const retryOf: BulkAction['act'] = ({ id }) => retryExecution(id);
const cancelOf: BulkAction['act'] = ({ id }) => cancelExecution(id);

/** What has ended can be tried again, what is open can be cancelled. */
const bulkActions = (chosen: readonly ExecutionRow[]): readonly BulkAction[] => [
  ...(chosen.every((row) => !isOpen(row.status))
    ? [{ label: messages.retry, does: messages.bulkRetry, act: retryOf }]
    : []),
  ...(chosen.every((row) => isOpen(row.status))
    ? [{ label: messages.cancel, does: messages.bulkCancel, act: cancelOf }]
    : []),
];

/** The query of the list without a filter, which is no query. */
const ALL = 'all';

export function RunsPage() {
  const search = route.useSearch();
  const key = JSON.stringify(search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the search
  const source = useMemo(() => runSource(search), [key]);
  const view = useLiveList(source);
  return (
    <Page
      title={messages.runs}
      lead={view.loaded ? messages.lead(formatTotal(view.total, view.exact)) : ' '}
    >
      <Filters search={search} view={view} />
      <RunList search={search} view={view} />
    </Page>
  );
}

function useChange(): (change: RunsSearch) => void {
  const navigate = useNavigate({ from: '/runs' });
  return useCallback(
    (change) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true }),
    [navigate],
  );
}

function Filters({ search, view }: { search: RunsSearch; view: LiveListView<ExecutionRow> }) {
  const change = useChange();
  const onSearch = useCallback((q: string) => change({ q }), [change]);
  const name = view.list.rows.find((row) => row.taskId === search.task)?.taskName ?? search.task;
  return (
    <FilterBar search={search.q} label={messages.search} onSearch={onSearch}>
      <Chips
        label={messages.status}
        chips={statusChips}
        chosen={search.status ?? []}
        onChange={(status) => change({ status: status.length > 0 ? status : undefined })}
      />
      <Chips
        label={messages.trigger}
        chips={triggerChips}
        chosen={search.trigger ?? []}
        onChange={(trigger) => change({ trigger: trigger.length > 0 ? trigger : undefined })}
      />
      {search.task ? (
        <Button
          size="xs"
          rightSection={<IconX size={13} />}
          onClick={() => change({ task: undefined })}
        >
          {messages.ofTask}: {name}
        </Button>
      ) : null}
    </FilterBar>
  );
}

function RunList({ search, view }: { search: RunsSearch; view: LiveListView<ExecutionRow> }) {
  const navigate = useNavigate();
  const selecting = useSelection();
  const chosen = view.list.rows.filter((row) => selecting.selection.chosen.has(row.id));
  const [retry] = useStart((row: ExecutionRow) => retryExecution(row.id));
  return (
    <ListFrame
      view={view}
      noMatch={isFiltered(search) ? messages.emptyFilter : undefined}
      onClear={() => void navigate({ to: '/runs', replace: true })}
      empty={
        <Empty
          title={messages.emptyTitle}
          hint={messages.emptyHint}
          icon={<IconListDetails size={20} />}
        >
          <LinkButton to="/tasks" variant="filled">
            {messages.toTasks}
          </LinkButton>
        </Empty>
      }
    >
      <RunsGrid
        label={messages.runs}
        rows={view.list.rows}
        total={view.total}
        patched={view.list.patched}
        onEnd={view.more}
        from={stringifySearch({ ...search }).slice(1) || ALL}
        selecting={selecting}
        onRetry={(row) => {
          if (!isOpen(row.status)) retry(row);
        }}
      />
      <BulkBar
        selecting={selecting}
        items={chosen.map(({ id, taskName }) => ({ id, name: taskName }))}
        total={view.total}
        isExact={view.exact}
        actions={bulkActions(chosen)}
      />
    </ListFrame>
  );
}
