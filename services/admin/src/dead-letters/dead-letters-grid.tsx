import { useRowHeight } from '../kit/density.js';
import { Cell, type Column, Grid } from '../kit/grid.js';
import type { Selecting } from '../kit/selection.js';
import { StatusText } from '../status/status-badge.js';
import { Ago } from '../time/stamp.js';
import type { DeadLetterRow } from './dead-letter-source.js';
import classes from './dead-letters.module.css';
import { previewOf } from './groups.js';
import { messages } from './messages.js';

const columns: readonly Column[] = [
  { key: 'cause', label: messages.columns.cause },
  { key: 'task', label: messages.columns.task },
  { key: 'error', label: messages.columns.error },
  { key: 'input', label: messages.columns.input },
  { key: 'attempts', label: messages.columns.attempts, align: 'end' },
  { key: 'died', label: messages.columns.died },
  { key: 'status', label: messages.columns.status },
];

interface DeadLettersGridProps {
  rows: readonly DeadLetterRow[];
  total: number;
  patched: ReadonlyMap<string, number>;
  /** Then nothing has to be said of their state. */
  onlyOpen: boolean;
  selecting: Selecting;
  onEnd: () => void;
  onInspect: (id: string) => void;
  onRedrive: (row: DeadLetterRow) => void;
}

export function DeadLettersGrid(props: DeadLettersGridProps) {
  const { rows, total, patched, onlyOpen, selecting, onEnd, onInspect, onRedrive } = props;
  return (
    <Grid
      label={messages.deadLetters}
      className={onlyOpen ? `${classes.grid} ${classes.onlyOpen}` : classes.grid}
      columns={onlyOpen ? columns.filter((column) => column.key !== 'status') : columns}
      rows={rows}
      total={total}
      patched={patched}
      rowKey={(row) => row.id}
      rowHeight={useRowHeight(1)}
      selecting={selecting}
      nameOf={(row) => `${row.taskName} ${row.id.slice(0, 8)}`}
      hrefOf={(row) => `/dead-letters?inspect=${row.id}`}
      onEnd={onEnd}
      onOpen={(row) => onInspect(row.id)}
      rowKeys={[
        { keys: ' ', label: messages.inspect, run: (row) => onInspect(row.id) },
        {
          keys: 'r',
          label: messages.redrive,
          run: (row) => {
            if (row.status === 'open') onRedrive(row);
          },
        },
      ]}
    >
      {(row) => (
        <>
          <Cell column="cause">
            <StatusText
              status={row.cause === 'deadline' ? 'timeout' : 'failed'}
              label={messages.causes[row.cause]}
            />
          </Cell>
          <Cell column="task">{row.taskName}</Cell>
          <Cell column="error" className={classes.error}>
            <code>{row.errorCode}</code> <span className="muted">{row.errorMessage}</span>
          </Cell>
          <Cell column="input">
            <code className="muted">{previewOf(row.execution?.parameters)}</code>
          </Cell>
          <Cell column="attempts" align="end" className="num">
            {row.attempts}
          </Cell>
          <Cell column="died" className="muted">
            <Ago at={row.diedAt} />
          </Cell>
          {onlyOpen ? null : (
            <Cell column="status" className={row.status === 'open' ? 'muted' : undefined}>
              {messages.statuses[row.status]}
            </Cell>
          )}
        </>
      )}
    </Grid>
  );
}
