import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { NotFound } from '../app/not-found.js';
import { Page } from '../app/page.js';
import type { TaskSearch } from '../app/searches.js';
import { BackfillsPanel } from '../backfills/backfills-panel.js';
import { Copy } from '../kit/copy.js';
import { Facts } from '../kit/facts.js';
import { JsonView } from '../kit/json-view.js';
import { NewRows } from '../kit/new-rows.js';
import { Panel } from '../kit/panel.js';
import { Bones, Empty, Failure } from '../kit/states.js';
import { useLiveList } from '../live/use-live-list.js';
import { formatCount, formatShare } from '../numbers.js';
import { runSource } from '../runs/run-source.js';
import { RunsGrid } from '../runs/runs-grid.js';
import { SlotsPanel } from '../slots/slots-panel.js';
import { StatusBadge } from '../status/status-badge.js';
import { Stamp } from '../time/stamp.js';
import { formatDuration } from '../time/time.js';
import { VersionsPanel } from '../versions/versions-panel.js';
import { priorityLabel, taskTypeLabel } from '../words.js';
import { DurationBars } from './duration-bars.js';
import { messages } from './messages.js';
import { TargetLink } from './target-link.js';
import classes from './task.module.css';
import { TaskActions } from './task-actions.js';
import type { TaskWhole } from './task-document.js';
import { TaskSchedules } from './task-schedules.js';
import { useTask } from './use-task.js';

const route = getRouteApi('/tasks/$taskId');

export function TaskPage() {
  const { taskId } = route.useParams();
  // Another task is another page: nothing of the one before may linger.
  return <TaskById key={taskId} id={taskId} />;
}

function TaskById({ id }: { id: string }) {
  const { task, missing, deleted, error, retry } = useTask(id);
  if (missing || deleted) return <NotFound title={messages.notFound} />;
  if (task) return <TaskView task={task} />;
  return (
    <Page title={messages.task} crumbs={[{ label: messages.tasks, link: { to: '/tasks' } }]}>
      {error ? <Failure error={error} onRetry={retry} /> : <Bones lines={9} tall />}
    </Page>
  );
}

function TaskView({ task }: { task: TaskWhole }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/tasks/$taskId' });
  return (
    <Page
      title={task.name}
      heading={
        <>
          {task.name}
          <StatusBadge status={task.status === 'paused' ? 'paused' : 'active'} />
        </>
      }
      lead={
        task.status === 'paused' && task.pauseReason
          ? messages.pausedSince(task.pauseReason)
          : task.description || taskTypeLabel[task.type]
      }
      crumbs={[{ label: messages.tasks, link: { to: '/tasks' } }, { label: task.name }]}
      actions={<TaskActions task={task} />}
    >
      <TaskTabs id={task.id} tab={search.tab} />
      {search.tab === 'versions' ? (
        <VersionsPanel taskId={task.id} />
      ) : search.tab === 'backfills' ? (
        <BackfillsPanel task={task} />
      ) : search.tab === 'slots' ? (
        <SlotsPanel
          task={task}
          search={{ outcome: search.outcome }}
          onSearch={(change) =>
            void navigate({
              search: (now) => ({ ...now, ...change }),
              replace: true,
              resetScroll: false,
            })
          }
        />
      ) : (
        <TaskOverview task={task} />
      )}
    </Page>
  );
}

function TaskTabs({ id, tab }: { id: string; tab: TaskSearch['tab'] }) {
  const tabs = [
    [undefined, messages.overview],
    ['slots', messages.slots],
    ['versions', messages.versions],
    ['backfills', messages.backfills],
  ] as const;
  return (
    <nav className={classes.tabs} aria-label={messages.views}>
      {tabs.map(([value, label]) => (
        <Link
          key={label}
          to="/tasks/$taskId"
          params={{ taskId: id }}
          search={{ tab: value }}
          aria-current={tab === value ? 'page' : undefined}
          activeOptions={{ exact: true, includeSearch: true }}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}

function TaskOverview({ task }: { task: TaskWhole }) {
  return (
    <>
      <TaskNumbers task={task} />
      <div className={classes.columns}>
        <TaskRuns taskId={task.id} />
        <div className={classes.side}>
          <Panel title={messages.schedules}>
            <TaskSchedules task={task} />
          </Panel>
          <Panel title={messages.definition}>
            <Definition task={task} />
          </Panel>
          <Panel title={messages.parameters}>
            <JsonView value={task.parameters} label={messages.parameters} />
          </Panel>
        </div>
      </div>
    </>
  );
}

function TaskNumbers({ task }: { task: TaskWhole }) {
  const { stats } = task;
  const share = stats.totalRuns === 0 ? '–' : formatShare(stats.successfulRuns / stats.totalRuns);
  const average = stats.averageDuration === null ? '–' : formatDuration(stats.averageDuration);
  const numbers = [
    [messages.stats.total, formatCount(stats.totalRuns)],
    [messages.stats.success, share],
    [messages.stats.average, average],
    [messages.stats.inARow, formatCount(stats.consecutiveFailures)],
  ] as const;
  return (
    <dl className={classes.numbers}>
      {numbers.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function TaskRuns({ taskId }: { taskId: string }) {
  const source = useMemo(() => runSource({ task: taskId }), [taskId]);
  const view = useLiveList(source);
  const newest = [...view.list.pending, ...view.list.rows];
  return (
    <div className={classes.main}>
      <Panel title={messages.durations}>
        {newest.length === 0 ? (
          <p className="muted">{view.loaded ? messages.recentNone : ' '}</p>
        ) : (
          <DurationBars runs={newest} />
        )}
      </Panel>
      <Panel
        title={messages.recent}
        flush
        aside={
          <Link to="/runs" search={{ task: taskId }} className="link">
            {messages.allRuns}
          </Link>
        }
      >
        {view.error && !view.loaded ? (
          <Failure error={view.error} onRetry={view.retry} />
        ) : !view.loaded ? (
          <Bones lines={6} />
        ) : view.list.rows.length === 0 ? (
          <Empty title={messages.recentNone} />
        ) : (
          <>
            <NewRows count={view.list.pending.length} onShow={view.reveal} />
            <RunsGrid
              label={messages.recent}
              rows={view.list.rows}
              total={view.total}
              patched={view.list.patched}
              onEnd={view.more}
              compact
            />
          </>
        )}
      </Panel>
    </div>
  );
}

function Definition({ task }: { task: TaskWhole }) {
  const { settings, target } = task;
  const { retryPolicy: retry } = settings;
  return (
    <Facts
      facts={[
        [messages.target, <TargetLink key="target" target={target} />],
        [messages.timeout, messages.minutes(settings.timeout)],
        [
          messages.retries,
          messages.retriesText(
            retry.maxRetries,
            retry.initialDelay,
            retry.backoffMultiplier,
            retry.maxDelay,
          ),
        ],
        [messages.concurrency, settings.concurrencyLimit ?? messages.noLimit],
        [messages.pauseAfter, settings.pauseAfterFailures ?? messages.never],
        [messages.priority, priorityLabel[settings.priority]],
        [messages.version, task.version],
        [
          messages.updated,
          <span key="updated">
            <Stamp at={task.updatedAt} /> {messages.by} {task.updatedBy}
          </span>,
        ],
        [
          messages.created,
          <span key="created">
            <Stamp at={task.createdAt} /> {messages.by} {task.createdBy}
          </span>,
        ],
        [
          messages.id,
          <Copy key="id" text={task.id}>
            <code>{task.id}</code>
          </Copy>,
        ],
      ]}
    />
  );
}
