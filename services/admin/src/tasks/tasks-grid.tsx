import { IconPlayerPauseFilled, IconPlayerPlay, IconPlayerPlayFilled } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { TaskRow } from '../graphql/fragments.js';
import { useRowHeight } from '../kit/density.js';
import { Cell, type Column, Grid } from '../kit/grid.js';
import type { Selecting } from '../kit/selection.js';
import { useAction } from '../kit/use-action.js';
import { formatCount, formatShare } from '../numbers.js';
import { runTask } from '../runs/start-run.js';
import { useStart } from '../runs/use-start.js';
import { statusLabel } from '../status/status.js';
import { StatusHistory } from '../status/status-history.js';
import { StatusIcon } from '../status/status-icon.js';
import { Ago, Countdown } from '../time/stamp.js';
import { formatDuration } from '../time/time.js';
import { writtenAs } from '../words.js';
import { pauseTask, resumeTask } from './change-task.js';
import { messages } from './messages.js';
import { TaskTypeIcon } from './task-type-icon.js';
import classes from './tasks.module.css';

const columns: readonly Column[] = [
  { key: 'name', label: messages.columns.name },
  { key: 'schedule', label: messages.columns.schedule },
  { key: 'next', label: messages.columns.next },
  { key: 'last', label: messages.columns.last },
  { key: 'history', label: messages.columns.history },
  { key: 'success', label: messages.columns.success, align: 'end' },
  { key: 'average', label: messages.columns.average, align: 'end' },
  { key: 'actions', label: messages.columns.actions, align: 'end', quiet: true },
];

interface TasksGridProps {
  rows: readonly TaskRow[];
  total: number;
  patched: ReadonlyMap<string, number>;
  onEnd: () => void;
  selecting: Selecting;
  onPeek: (id: string) => void;
}

export function TasksGrid({ rows, total, patched, onEnd, selecting, onPeek }: TasksGridProps) {
  const navigate = useNavigate();
  const [run] = useStart((row: TaskRow) => runTask(row.id));
  const [toggle] = useAction(
    (row: TaskRow) => (row.status === 'active' ? pauseTask(row.id) : resumeTask(row.id)),
    () => undefined,
  );
  return (
    <Grid
      label={messages.tasks}
      className={classes.tasks}
      columns={columns}
      rows={rows}
      total={total}
      patched={patched}
      rowKey={(row) => row.id}
      rowHeight={useRowHeight(2)}
      onEnd={onEnd}
      selecting={selecting}
      nameOf={(row) => row.name}
      hrefOf={(row) => `/tasks/${row.id}`}
      onOpen={(row) => void navigate({ to: '/tasks/$taskId', params: { taskId: row.id } })}
      rowKeys={[
        { keys: ' ', label: messages.peek, run: (row) => onPeek(row.id) },
        { keys: 'r', label: messages.runNow, run },
        { keys: 'p', label: `${messages.pause}, ${messages.resume}`, run: toggle },
        {
          keys: 'e',
          label: messages.edit,
          run: (row) => void navigate({ to: '/tasks/$taskId/edit', params: { taskId: row.id } }),
        },
      ]}
    >
      {(row, active) => <TaskCells row={row} active={active} onRun={run} onToggle={toggle} />}
    </Grid>
  );
}

interface TaskCellsProps {
  row: TaskRow;
  active: boolean;
  onRun: (row: TaskRow) => void;
  onToggle: (row: TaskRow) => void;
}

function TaskCells({ row, active, onRun, onToggle }: TaskCellsProps) {
  const { stats } = row;
  const paused = row.status === 'paused';
  const tabIndex = active ? 0 : -1;
  return (
    <>
      <Cell column="name">
        <div className={classes.name} data-paused={paused}>
          <TaskTypeIcon type={row.type} />
          <div className={classes.two}>
            <Link to="/tasks/$taskId" params={{ taskId: row.id }} tabIndex={-1}>
              {row.name}
            </Link>
            {row.description ? <span className="muted">{row.description}</span> : null}
          </div>
        </div>
      </Cell>
      <Cell column="schedule">
        <ScheduleText row={row} />
      </Cell>
      <Cell column="next">
        {paused ? (
          <span className={classes.paused}>
            <StatusIcon status="paused" size={12} />
            {messages.paused}
          </span>
        ) : (
          <Countdown at={row.nextRun} />
        )}
      </Cell>
      <Cell column="last">
        <LastRun row={row} />
      </Cell>
      <Cell column="history">
        <StatusHistory runs={row.recentExecutions} />
      </Cell>
      <Cell column="success" align="end" className="num">
        {stats.totalRuns === 0 ? (
          <span className="muted">–</span>
        ) : (
          <span title={formatCount(stats.totalRuns)}>
            {formatShare(stats.successfulRuns / stats.totalRuns)}
          </span>
        )}
      </Cell>
      <Cell column="average" align="end" className="num">
        {stats.averageDuration === null ? (
          <span className="muted">–</span>
        ) : (
          formatDuration(stats.averageDuration)
        )}
      </Cell>
      <Cell column="actions" align="end" className={classes.actions}>
        <button
          type="button"
          tabIndex={tabIndex}
          title={paused ? messages.resume : messages.pause}
          aria-label={`${paused ? messages.resume : messages.pause}: ${row.name}`}
          onClick={() => onToggle(row)}
        >
          {paused ? <IconPlayerPlay size={15} stroke={1.7} /> : <IconPlayerPauseFilled size={14} />}
        </button>
        <button
          type="button"
          tabIndex={tabIndex}
          title={messages.runNow}
          aria-label={`${messages.runNow}: ${row.name}`}
          onClick={() => onRun(row)}
        >
          <IconPlayerPlayFilled size={13} />
          {messages.run}
        </button>
      </Cell>
    </>
  );
}

function ScheduleText({ row }: { row: TaskRow }) {
  const [first, ...more] = row.schedules;
  if (!first) return <span className="muted">{messages.noSchedule}</span>;
  return (
    <div className={classes.two}>
      <span title={first.description}>{first.description}</span>
      <span className="muted">
        <code>{writtenAs(first)}</code> {first.timezone}
        {more.length > 0 ? ` ${messages.moreSchedules(more.length)}` : ''}
      </span>
    </div>
  );
}

function LastRun({ row }: { row: TaskRow }) {
  const last = row.stats.lastRun;
  const newest = row.recentExecutions[0];
  const status = newest?.status ?? last?.status;
  if (!status) return <span className="muted">{messages.never}</span>;
  const at = newest?.id === last?.executionId || !newest ? last?.startedAt : undefined;
  return (
    <span className={classes.last} data-status={status}>
      <StatusIcon status={status} />
      <span>{statusLabel[status]}</span>
      {at ? (
        <span className="muted">
          <Ago at={at} />
        </span>
      ) : null}
    </span>
  );
}
