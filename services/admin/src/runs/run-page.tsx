import { ActionIcon } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useRef } from 'react';
import { NotFound } from '../app/not-found.js';
import { type Crumb, Page } from '../app/page.js';
import { parseSearch } from '../app/search.js';
import { type RunSearch, runsSearch } from '../app/searches.js';
import { useShortcuts } from '../app/shortcuts.js';
import { Copy } from '../kit/copy.js';
import { Facts } from '../kit/facts.js';
import { JsonView } from '../kit/json-view.js';
import { Panel } from '../kit/panel.js';
import { Bones, Failure } from '../kit/states.js';
import { LogPanel } from '../log/log-panel.js';
import { formatCost } from '../numbers.js';
import { isOpen, isTroubled } from '../status/status.js';
import { StatusBadge } from '../status/status-badge.js';
import { priorityLabel, triggerLabel } from '../words.js';
import { messages } from './messages.js';
import classes from './run.module.css';
import { RunActions } from './run-actions.js';
import { RunArtifacts } from './run-artifacts.js';
import { RunAttempts } from './run-attempts.js';
import type { Run } from './run-document.js';
import { RunTimeline } from './run-timeline.js';
import { RunVerdict } from './run-verdict.js';
import { useNeighbours } from './use-neighbours.js';
import { useRun } from './use-run.js';
import { WaitsBar } from './waits-bar.js';

const route = getRouteApi('/runs/$runId');

export function RunPage() {
  const { runId } = route.useParams();
  // Another run is another page: nothing of the one before may linger.
  return <RunById key={runId} id={runId} />;
}

function RunById({ id }: { id: string }) {
  const { run, missing, error, retry } = useRun(id);
  if (missing) return <NotFound title={messages.notFound} />;
  if (!run)
    return (
      <Page title={messages.run} heading={messages.run} crumbs={[{ label: messages.runs }]}>
        {error ? <Failure error={error} onRetry={retry} /> : <Bones lines={9} tall />}
      </Page>
    );
  return <RunView run={run} />;
}

function RunView({ run }: { run: Run }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/runs/$runId' });
  const log = useRef<HTMLDivElement>(null);
  const onSearch = useCallback(
    (change: RunSearch) =>
      void navigate({
        search: (now) => ({ ...now, ...change }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  const showLog = (attempt: number): void => {
    onSearch({ attempt: `${attempt}` });
    log.current?.scrollIntoView({ block: 'start' });
  };
  return (
    <Page
      title={`${run.taskName} · ${messages.run}`}
      heading={
        <>
          <Link to="/tasks/$taskId" params={{ taskId: run.taskId }}>
            {run.taskName}
          </Link>
          <StatusBadge status={run.status} />
        </>
      }
      crumbs={crumbsOf(run, search.from)}
      actions={
        <>
          <Neighbourhood id={run.id} from={search.from} />
          <RunActions run={run} />
        </>
      }
    >
      <RunVerdict run={run} />
      <div className={classes.columns}>
        <div className={classes.main}>
          {run.attempts.length > 0 ? (
            <Panel title={messages.attempts} flush>
              <RunAttempts attempts={run.attempts} onLog={showLog} />
            </Panel>
          ) : null}
          <div ref={log}>
            <Panel title={messages.log} flush>
              <LogPanel
                executionId={run.id}
                startedAt={run.startedAt}
                ended={!isOpen(run.status)}
                failed={isTroubled(run.status)}
                attempts={run.attempt}
                search={search}
                onSearch={onSearch}
              />
            </Panel>
          </div>
        </div>
        <div className={classes.side}>
          <Panel title={messages.timeline}>
            {run.waits ? <WaitsBar waits={run.waits} /> : null}
            <RunTimeline run={run} />
          </Panel>
          <Panel title={messages.artifacts}>
            <RunArtifacts run={run} />
          </Panel>
          <Panel title={messages.output}>
            <JsonView value={run.output} label={messages.output} />
          </Panel>
          <Panel title={messages.input}>
            <JsonView value={run.parameters} label={messages.input} />
          </Panel>
          <Panel title={messages.facts}>
            <Facts
              facts={[
                [
                  messages.id,
                  <Copy key="id" text={run.id}>
                    <code>{run.id}</code>
                  </Copy>,
                ],
                [messages.columns.trigger, triggerLabel[run.trigger]],
                [messages.actor, run.actor],
                [messages.pool, run.pool],
                [messages.priority, priorityLabel[run.priority]],
                [messages.cost, costText(run.cost)],
                [messages.worker, <code key="worker">{run.workerId ?? '–'}</code>],
                [messages.position, <code key="position">{run.position}</code>],
              ]}
            />
          </Panel>
        </div>
      </div>
    </Page>
  );
}

function costText(cost: Run['cost']): string {
  if (!cost || cost.total === 0) return '–';
  const { total, compute, api, currency } = cost;
  return `${formatCost(total, currency)} (${messages.costOf(
    formatCost(compute, currency),
    formatCost(api, currency),
  )})`;
}

/** Opened from a list, the list is the layer above; else the task is. */
function crumbsOf(run: Run, from: string | undefined): Crumb[] {
  const id = run.id.slice(0, 8);
  if (from !== undefined)
    return [
      { label: messages.runs, link: { to: '/runs', search: runsSearch(parseSearch(from)) } },
      { label: `${run.taskName} ${id}` },
    ];
  return [
    { label: messages.runs, link: { to: '/runs' } },
    { label: run.taskName, link: { to: '/tasks/$taskId', params: { taskId: run.taskId } } },
    { label: id },
  ];
}

interface NeighbourhoodProps {
  id: string;
  from: string | undefined;
}

/** To the runs beside this one, in the list that it was opened from. */
function Neighbourhood({ id, from }: NeighbourhoodProps) {
  const navigate = useNavigate();
  const neighbours = useNeighbours(id, from);
  const go = (to: string | undefined): void => {
    if (to) void navigate({ to: '/runs/$runId', params: { runId: to }, search: { from } });
  };
  useShortcuts(
    messages.neighbours,
    neighbours
      ? [
          { keys: '[', label: messages.previousRun, run: () => go(neighbours.previous) },
          { keys: ']', label: messages.nextRun, run: () => go(neighbours.next) },
        ]
      : [],
  );
  if (!neighbours) return null;
  const buttons = [
    [messages.previousRun, '[', neighbours.previous, IconChevronUp],
    [messages.nextRun, ']', neighbours.next, IconChevronDown],
  ] as const;
  return (
    <ActionIcon.Group>
      {buttons.map(([label, key, to, Icon]) => (
        <ActionIcon
          key={key}
          variant="default"
          aria-label={label}
          title={`${label} (${key})`}
          disabled={to === undefined}
          onClick={() => go(to)}
        >
          <Icon size={16} stroke={1.7} />
        </ActionIcon>
      ))}
    </ActionIcon.Group>
  );
}
