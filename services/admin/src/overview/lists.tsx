import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Meter } from '../kit/meter.js';
import { formatShare } from '../numbers.js';
import { RunNote } from '../runs/runs-grid.js';
import { retryExecution, runTask } from '../runs/start-run.js';
import { useStart } from '../runs/use-start.js';
import { statusLabel } from '../status/status.js';
import { StatusIcon } from '../status/status-icon.js';
import { Ago, Countdown, Elapsed, StampText } from '../time/stamp.js';
import { formatDuration } from '../time/time.js';
import type { Dashboard } from './dashboard-document.js';
import { messages } from './messages.js';
import classes from './overview.module.css';

type Failing = Dashboard['failedTasks'][number];
type Shown = Dashboard['recentExecutions'][number];

export function Attention({ tasks }: { tasks: readonly Failing[] }) {
  if (tasks.length === 0)
    return (
      <div className={classes.calm}>
        <StatusIcon status="success" size={18} />
        <div>
          <p>{messages.attentionNone}</p>
          <p className="muted">{messages.attentionHint}</p>
        </div>
      </div>
    );
  return (
    <ul className={classes.rows}>
      {tasks.map((task) => (
        <AttentionRow key={task.taskId} task={task} />
      ))}
    </ul>
  );
}

function AttentionRow({ task }: { task: Failing }) {
  const [retry, busy] = useStart(() =>
    task.lastExecutionId ? retryExecution(task.lastExecutionId) : runTask(task.taskId),
  );
  return (
    <li className={classes.attention}>
      <StatusIcon status="failed" size={16} />
      <div className={classes.attentionText}>
        <p className={classes.attentionHead}>
          {task.lastExecutionId ? (
            <Link to="/runs/$runId" params={{ runId: task.lastExecutionId }}>
              {task.taskName}
            </Link>
          ) : (
            <Link to="/tasks/$taskId" params={{ taskId: task.taskId }}>
              {task.taskName}
            </Link>
          )}
          <span className="muted">
            {messages.inARow(task.consecutiveFailures)}, <Ago at={task.lastFailure} />
          </span>
        </p>
        {task.lastError ? <p className={classes.errorLine}>{task.lastError}</p> : null}
      </div>
      <Button
        size="xs"
        loading={busy}
        leftSection={<IconRefresh size={14} />}
        onClick={() => retry()}
      >
        {messages.retry}
      </Button>
    </li>
  );
}

export function RunningNow({ runs }: { runs: readonly Shown[] }) {
  if (runs.length === 0) return <p className={classes.none}>{messages.runningNone}</p>;
  return (
    <ul className={classes.rows}>
      {runs.map((run) => (
        <li key={run.id}>
          <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.row}>
            <StatusIcon status={run.status} />
            <span className="truncate">{run.taskName}</span>
            <Elapsed since={run.startedAt} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function NextDue({ runs }: { runs: Dashboard['upcomingRuns'] }) {
  if (runs.length === 0) return <p className={classes.none}>{messages.upcomingNone}</p>;
  return (
    <ul className={classes.rows}>
      {runs.map((run) => (
        <li key={`${run.scheduleId} ${run.scheduledAt}`}>
          <Link to="/tasks/$taskId" params={{ taskId: run.taskId }} className={classes.row}>
            <StampText at={run.scheduledAt} className={classes.due} />
            <span className="truncate">{run.taskName}</span>
            <span className="muted">
              <Countdown at={run.scheduledAt} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function Latest({ runs }: { runs: readonly Shown[] }) {
  return (
    <ul className={classes.rows}>
      {runs.map((run) => (
        <li key={run.id}>
          <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.latest}>
            <span className={classes.latestStatus}>
              <StatusIcon status={run.status} />
              <span data-status={run.status}>{statusLabel[run.status]}</span>
            </span>
            <span className="truncate">{run.taskName}</span>
            <span className={`truncate ${classes.note}`}>
              <RunNote row={run} />
            </span>
            <span className="num">
              {run.durationMs === null ? (
                <Elapsed since={run.startedAt} />
              ) : (
                formatDuration(run.durationMs)
              )}
            </span>
            <span className="muted">
              <Ago at={run.completedAt ?? run.requestedAt} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function Workers({ workers }: { workers: Dashboard['workers'] }) {
  if (workers.length === 0) return <p className={classes.none}>{messages.workersNone}</p>;
  return (
    <ul className={classes.rows}>
      {workers.map((worker) => (
        <li key={worker.id} className={classes.worker}>
          <p className={classes.workerHead}>
            <span className="truncate mono">{worker.id}</span>
            <span className="muted truncate">
              {worker.host}
              {worker.draining ? `, ${messages.draining}` : ''}
            </span>
          </p>
          <div className={classes.meters}>
            {worker.pools.map((pool) => (
              <Meter
                key={pool.pool}
                label={pool.pool}
                value={pool.slots === 0 ? 0 : (pool.slots - pool.free) / pool.slots}
                text={messages.slots(pool.slots - pool.free, pool.slots)}
              />
            ))}
            <Meter
              label={messages.cpuShort}
              value={worker.cpuUtilization}
              text={formatShare(worker.cpuUtilization)}
            />
            <Meter
              label={messages.memory}
              value={worker.memoryUtilization}
              text={formatShare(worker.memoryUtilization)}
            />
          </div>
        </li>
      ))}
    </ul>
  );
}
