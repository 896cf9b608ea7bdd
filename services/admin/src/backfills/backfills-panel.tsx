import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useSubscription } from 'urql';
import type { Answer } from '../graphql/actions.js';
import { useAsleep } from '../graphql/connection.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { Meter } from '../kit/meter.js';
import { Panel } from '../kit/panel.js';
import { Bones, Failure } from '../kit/states.js';
import { Table, type TableColumn, Under } from '../kit/table.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { formatCount } from '../numbers.js';
import type { ShownStatus } from '../status/status.js';
import { StatusText } from '../status/status-badge.js';
import type { TaskWhole } from '../tasks/task-document.js';
import { Ago, Stamp } from '../time/stamp.js';
import {
  type Backfill,
  BackfillsChangedDocument,
  BackfillsDocument,
  cancelBackfill,
  pauseBackfill,
  resumeBackfill,
} from './backfill-documents.js';
import classes from './backfills.module.css';
import { messages } from './messages.js';
import { StartBackfill } from './start-backfill.js';

const columns: readonly TableColumn[] = [
  { key: 'status', label: messages.columns.status },
  { key: 'range', label: messages.columns.range },
  { key: 'progress', label: messages.columns.progress },
  { key: 'by', label: messages.columns.by },
  { key: 'actions', label: messages.columns.actions, align: 'end', quiet: true },
];

const TYPES = ['Backfill'] as const;

/** Past slots that are run, or were: what became of each range, live; and the way to another. */
export function BackfillsPanel({ task }: { task: TaskWhole }) {
  const variables = { taskId: task.id };
  const { data, error, retry } = useLiveQuery(BackfillsDocument, variables, { types: TYPES });
  const asleep = useAsleep();
  const [told] = useSubscription({ query: BackfillsChangedDocument, variables, pause: asleep });
  useEffect(() => {
    if (told.data) retry();
  }, [told.data, retry]);
  return (
    <div className={classes.columns}>
      <Panel title={messages.backfills} flush>
        {data ? (
          <Backfills backfills={data.backfills} />
        ) : error ? (
          <Failure error={error} onRetry={retry} />
        ) : (
          <Bones lines={4} tall />
        )}
      </Panel>
      <Panel title={messages.start}>
        {task.schedules.length === 0 ? (
          <p className="muted">{messages.noSchedule}</p>
        ) : (
          <StartBackfill task={task} />
        )}
      </Panel>
    </div>
  );
}

function Backfills({ backfills }: { backfills: readonly Backfill[] }) {
  if (backfills.length === 0) return <p className={classes.none}>{messages.none}</p>;
  return (
    <Table label={messages.backfills} columns={columns}>
      <tbody>
        {backfills.map((backfill) => (
          <Line key={backfill.id} backfill={backfill} />
        ))}
      </tbody>
    </Table>
  );
}

const shapes: Record<string, ShownStatus> = {
  running: 'running',
  paused: 'paused',
  cancelled: 'cancelled',
  finished: 'success',
};
const parts = ['succeeded', 'failed', 'cancelled', 'open', 'remaining'] as const;

function Line({ backfill }: { backfill: Backfill }) {
  const { progress, slots, status } = backfill;
  const ended = progress.succeeded + progress.failed + progress.cancelled;
  const said = parts
    .filter((part) => progress[part] > 0)
    .map((part) => `${formatCount(progress[part])} ${messages.parts[part]}`)
    .join(', ');
  return (
    <tr>
      <td>
        <StatusText status={shapes[status] ?? 'queued'} label={messages.states[status] ?? status} />
      </td>
      <td>
        <Stamp at={backfill.firstDueAt} /> {messages.to1} <Stamp at={backfill.lastDueAt} />
        {backfill.note ? <Under>{backfill.note}</Under> : null}
      </td>
      <td>
        <Meter
          label={messages.columns.progress}
          value={ended / Math.max(1, slots)}
          text={messages.ended(formatCount(ended), formatCount(slots))}
          plain
        />
        <Under>{said}</Under>
      </td>
      <td className="muted">
        {backfill.author}
        <Under>
          <Ago at={backfill.finishedAt ?? backfill.startedAt} />
        </Under>
      </td>
      <td data-align="end">
        {backfill.finishedAt === null && status !== 'cancelled' ? (
          <Actions id={backfill.id} isPaused={status === 'paused'} />
        ) : null}
      </td>
    </tr>
  );
}

function Actions({ id, isPaused }: { id: string; isPaused: boolean }) {
  const [act, acting] = useAction(
    (what: (id: string) => Promise<Answer<unknown>>) => what(id),
    () => done(messages.changed),
  );
  return (
    <div className={classes.actions}>
      <Button
        size="xs"
        loading={acting}
        onClick={() => act(isPaused ? resumeBackfill : pauseBackfill)}
      >
        {isPaused ? messages.resume : messages.pause}
      </Button>
      <Button size="xs" loading={acting} onClick={() => act(cancelBackfill)}>
        {messages.cancel}
      </Button>
    </div>
  );
}
