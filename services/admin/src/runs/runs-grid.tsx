import { useNavigate } from '@tanstack/react-router';
import type { ExecutionRow } from '../graphql/fragments.js';
import { useRowHeight } from '../kit/density.js';
import { Cell, type Column, Grid } from '../kit/grid.js';
import type { Selecting } from '../kit/selection.js';
import { isOpen } from '../status/status.js';
import { StatusText } from '../status/status-badge.js';
import { Countdown, Elapsed, StampText } from '../time/stamp.js';
import { formatDuration } from '../time/time.js';
import { skipCauseLabel, triggerLabel } from '../words.js';
import { messages } from './messages.js';
import classes from './runs.module.css';

const columns: readonly Column[] = [
  { key: 'status', label: messages.columns.status },
  { key: 'task', label: messages.columns.task },
  { key: 'requested', label: messages.columns.requested },
  { key: 'duration', label: messages.columns.duration, align: 'end' },
  { key: 'attempt', label: messages.columns.attempt, align: 'end' },
  { key: 'trigger', label: messages.columns.trigger },
  { key: 'error', label: messages.columns.error },
];

interface RunsGridProps {
  label: string;
  rows: readonly ExecutionRow[];
  total: number;
  patched?: ReadonlyMap<string, number>;
  onEnd?: () => void;
  selecting?: Selecting;
  /** The query of the list, which a run that is opened from it carries along. */
  from?: string;
  onRetry?: (row: ExecutionRow) => void;
  /** On the page of one task: without its name. */
  compact?: boolean;
}

export function RunsGrid(props: RunsGridProps) {
  const { label, rows, total, patched, onEnd, onRetry, from, compact = false } = props;
  const navigate = useNavigate();
  const rowHeight = useRowHeight(1);
  return (
    <Grid
      label={label}
      className={compact ? `${classes.runs} ${classes.compact}` : classes.runs}
      columns={compact ? columns.filter((column) => column.key !== 'task') : columns}
      rows={rows}
      total={total}
      rowKey={(row) => row.id}
      rowHeight={rowHeight}
      onEnd={onEnd}
      selecting={props.selecting}
      nameOf={(row) => `${row.taskName} ${row.id.slice(0, 8)}`}
      hrefOf={(row) => `/runs/${row.id}`}
      {...(patched ? { patched } : {})}
      onOpen={(row) =>
        void navigate({ to: '/runs/$runId', params: { runId: row.id }, search: { from } })
      }
      rowKeys={onRetry ? [{ keys: 'r', label: messages.retry, run: onRetry }] : []}
    >
      {(row) => <RunCells row={row} compact={compact} />}
    </Grid>
  );
}

function RunCells({ row, compact }: { row: ExecutionRow; compact: boolean }) {
  const stopping = row.cancelRequested && isOpen(row.status);
  return (
    <>
      <Cell column="status">
        <StatusText status={row.status} label={stopping ? messages.cancelling : undefined} />
      </Cell>
      {compact ? null : <Cell column="task">{row.taskName}</Cell>}
      <Cell column="requested">
        <StampText at={row.requestedAt} />
      </Cell>
      <Cell column="duration" align="end" className="num">
        {row.status === 'running' ? (
          <Elapsed since={row.startedAt} />
        ) : row.durationMs === null ? (
          <span className="muted">–</span>
        ) : (
          formatDuration(row.durationMs)
        )}
      </Cell>
      <Cell column="attempt" align="end" className="num">
        {row.attempt > 1 ? row.attempt : <span className="muted">{row.attempt || '–'}</span>}
      </Cell>
      <Cell column="trigger" className="muted">
        {triggerLabel[row.trigger]}
      </Cell>
      <Cell column="error" className={classes.error}>
        <RunNote row={row} />
      </Cell>
    </>
  );
}

/** One line on why a run is in the state it is in. */
export function RunNote({ row }: { row: ExecutionRow }) {
  if (row.status === 'waiting')
    return (
      <span className="muted">
        {messages.verdict.waiting} {row.retryAt ? <Countdown at={row.retryAt} /> : null}
      </span>
    );
  if (row.status === 'retrying' && row.retryAt)
    return (
      <>
        {messages.retryAt} <Countdown at={row.retryAt} />
        {row.error ? <span className="muted"> · {row.error.message}</span> : null}
      </>
    );
  if (row.skipCause) return <span className="muted">{skipCauseLabel(row.skipCause)}</span>;
  if (row.error)
    return (
      <>
        <code>{row.error.code}</code> <span className="muted">{row.error.message}</span>
      </>
    );
  return null;
}
