import { Button } from '@mantine/core';
import { IconFilterOff, IconListDetails, IconX } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { Page } from '../app/page.js';
import type { RunsSearch } from '../app/searches.js';
import { retryExecution } from '../graphql/actions.js';
import type { ExecutionRow } from '../graphql/fragments.js';
import { Chips } from '../kit/chips.js';
import { LinkButton } from '../kit/link-button.js';
import { messages as kitMessages } from '../kit/messages.js';
import { NewRows } from '../kit/new-rows.js';
import { SearchField } from '../kit/search-field.js';
import { Bones, Empty, Failure } from '../kit/states.js';
import { useAction } from '../kit/use-action.js';
import { type LiveListView, useLiveList } from '../live/use-live-list.js';
import { formatTotal } from '../numbers.js';
import { isOpen, runStatuses, statusLabel } from '../status/status.js';
import { StatusIcon } from '../status/status-icon.js';
import { triggerLabel, triggers } from '../words.js';
import { messages } from './messages.js';
import { runSource } from './run-source.js';
import classes from './runs.module.css';
import { RunsGrid } from './runs-grid.js';
import { toldOfRun } from './told-of-run.js';

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
    <div className={classes.filters}>
      <SearchField value={search.q ?? ''} label={messages.search} onChange={onSearch} />
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
    </div>
  );
}

function RunList({ search, view }: { search: RunsSearch; view: LiveListView<ExecutionRow> }) {
  const navigate = useNavigate();
  const filtered = Object.values(search).some((value) => value !== undefined);
  const [retry] = useAction(
    (row: ExecutionRow) => retryExecution(row.id),
    (accepted) => toldOfRun(accepted),
  );
  if (view.error && !view.loaded) return <Failure error={view.error} onRetry={view.retry} />;
  if (!view.loaded) return <Bones lines={12} tall />;
  if (view.list.rows.length === 0 && view.list.pending.length === 0)
    return filtered ? (
      <Empty
        title={messages.emptyFilter}
        hint={messages.emptyFilterHint}
        icon={<IconFilterOff size={20} />}
      >
        <Button onClick={() => void navigate({ to: '/runs', replace: true })}>
          {kitMessages.clearFilters}
        </Button>
      </Empty>
    ) : (
      <Empty
        title={messages.emptyTitle}
        hint={messages.emptyHint}
        icon={<IconListDetails size={20} />}
      >
        <LinkButton to="/tasks" variant="filled">
          {messages.toTasks}
        </LinkButton>
      </Empty>
    );
  return (
    <div className={view.stale ? classes.stale : undefined} aria-busy={view.stale}>
      <NewRows count={view.list.pending.length} onShow={view.reveal} />
      <RunsGrid
        label={messages.runs}
        rows={view.list.rows}
        total={view.total}
        patched={view.list.patched}
        onEnd={view.more}
        onRetry={(row) => {
          if (!isOpen(row.status)) retry(row);
        }}
      />
      {view.loadingMore ? <p className={classes.more}>{kitMessages.loadingMore}</p> : null}
    </div>
  );
}
