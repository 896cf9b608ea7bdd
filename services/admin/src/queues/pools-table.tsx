import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Meter } from '../kit/meter.js';
import { Table, type TableColumn, Under } from '../kit/table.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { formatCount } from '../numbers.js';
import { Sparkline } from '../overview/sparkline.js';
import { StatusText } from '../status/status-badge.js';
import { Ago } from '../time/stamp.js';
import { formatDuration } from '../time/time.js';
import { priorityLabel } from '../words.js';
import { drainOf, type Sample } from './drain.js';
import { messages } from './messages.js';
import { EditPool, PausePool } from './pool-dialogs.js';
import { type Pool, type Queue, resumePool } from './queue-documents.js';
import classes from './queues.module.css';

const columns: readonly TableColumn[] = [
  { key: 'pool', label: messages.columns.pool },
  { key: 'waiting', label: messages.columns.waiting },
  { key: 'oldest', label: messages.columns.oldest },
  { key: 'slots', label: messages.columns.slots },
  { key: 'limit', label: messages.columns.limit },
  { key: 'drain', label: messages.columns.drain },
  { key: 'state', label: messages.columns.state },
  { key: 'actions', label: messages.columns.actions, align: 'end', quiet: true },
];

interface PoolsTableProps {
  pools: readonly Pool[];
  queues: readonly Queue[];
  samples: ReadonlyMap<string, readonly Sample[]>;
}

export function PoolsTable({ pools, queues, samples }: PoolsTableProps) {
  return (
    <Table label={messages.pools} columns={columns} className={classes.pools}>
      <tbody>
        {pools.map((pool) => (
          <PoolLine
            key={pool.name}
            pool={pool}
            queue={queues.find((each) => each.pool === pool.name)}
            samples={samples.get(pool.name) ?? []}
          />
        ))}
      </tbody>
    </Table>
  );
}

interface PoolLineProps {
  pool: Pool;
  queue: Queue | undefined;
  samples: readonly Sample[];
}

function PoolLine({ pool, queue, samples }: PoolLineProps) {
  return (
    <tr>
      <th scope="row">
        <strong className={classes.poolName}>{pool.name}</strong>
        {pool.builtIn ? null : <span className="muted"> {messages.custom}</span>}
        {pool.description ? <Under>{pool.description}</Under> : null}
      </th>
      <td className="num">
        <Waiting queue={queue} samples={samples} />
      </td>
      <td className="num">
        {queue?.oldestWait === null || !queue ? (
          <span className="muted">{messages.none}</span>
        ) : (
          formatDuration(queue.oldestWait)
        )}
      </td>
      <td>
        {queue && queue.slots > 0 ? (
          <Meter
            label={messages.columns.slots}
            value={(queue.slots - queue.free) / queue.slots}
            text={messages.slotsOf(formatCount(queue.slots - queue.free), formatCount(queue.slots))}
            plain
          />
        ) : (
          <span className="muted">{messages.noWorker}</span>
        )}
      </td>
      <td className="num">
        {pool.maxConcurrent === null ? (
          <span className="muted">{messages.noLimit}</span>
        ) : (
          messages.ofLimit(formatCount(queue?.running ?? 0), formatCount(pool.maxConcurrent))
        )}
      </td>
      <td className="num" title={messages.drainHint}>
        <DrainText samples={samples} />
      </td>
      <td>
        <PoolState pool={pool} />
      </td>
      <td data-align="end">
        <PoolActions pool={pool} />
      </td>
    </tr>
  );
}

function Waiting({ queue, samples }: { queue: Queue | undefined; samples: readonly Sample[] }) {
  if (!queue) return <span className="muted">{messages.none}</span>;
  const mix = queue.depthByPriority
    .filter(({ count }) => count > 0)
    .map(({ priority, count }) => `${formatCount(count)} ${priorityLabel[priority].toLowerCase()}`)
    .join(', ');
  return (
    <>
      <span className={classes.depth}>
        <Link to="/runs" search={{ status: ['queued'] }}>
          {formatCount(queue.depth)}
        </Link>
        <Sparkline values={samples.slice(-SHOWN).map(({ depth }) => depth)} />
      </span>
      {mix ? <Under>{mix}</Under> : null}
    </>
  );
}

const SHOWN = 24;

function DrainText({ samples }: { samples: readonly Sample[] }) {
  const drain = drainOf(samples);
  if (drain.kind === 'drains') return <>≈ {formatDuration(drain.inMs)}</>;
  return <span className="muted">{messages.drains[drain.kind]}</span>;
}

function PoolState({ pool }: { pool: Pool }) {
  if (!pool.paused) return <StatusText status="active" label={messages.open} />;
  return (
    <>
      <StatusText status="paused" label={messages.paused} />
      <Under>
        {pool.pauseReason ? `${pool.pauseReason}, ` : ''}
        {pool.pausedBy ? messages.pausedBy(pool.pausedBy) : ''} <Ago at={pool.pausedAt} />
      </Under>
    </>
  );
}

function PoolActions({ pool }: { pool: Pool }) {
  const [open, setOpen] = useState<'pause' | 'edit'>();
  const close = (): void => setOpen(undefined);
  const [resume, resuming] = useAction(
    () => resumePool(pool.name),
    () => done(messages.resumedToast(pool.name)),
  );
  return (
    <div className={classes.actions}>
      <Button
        size="xs"
        aria-label={`${pool.paused ? messages.resume : messages.pause}: ${pool.name}`}
        loading={resuming}
        onClick={() => (pool.paused ? resume() : setOpen('pause'))}
      >
        {pool.paused ? messages.resume : messages.pause}
      </Button>
      <Button
        size="xs"
        aria-label={`${messages.edit}: ${pool.name}`}
        onClick={() => setOpen('edit')}
      >
        {messages.edit}
      </Button>
      {open === 'pause' ? <PausePool name={pool.name} onClose={close} /> : null}
      {open === 'edit' ? <EditPool pool={pool} onClose={close} /> : null}
    </div>
  );
}
