import { Link } from '@tanstack/react-router';
import { Meter } from '../kit/meter.js';
import { Table, type TableColumn, Under } from '../kit/table.js';
import { formatBytes, formatShare } from '../numbers.js';
import type { Dashboard } from '../overview/dashboard-document.js';
import { StatusText } from '../status/status-badge.js';
import { Ago } from '../time/stamp.js';
import { formatElapsed } from '../time/time.js';
import { isolationLabel } from '../words.js';
import { messages } from './messages.js';
import classes from './queues.module.css';

const columns: readonly TableColumn[] = [
  { key: 'worker', label: messages.workerColumns.worker },
  { key: 'pools', label: messages.workerColumns.pools },
  { key: 'use', label: messages.workerColumns.use },
  { key: 'running', label: messages.workerColumns.running },
  { key: 'isolation', label: messages.workerColumns.isolation },
  { key: 'since', label: messages.workerColumns.since },
];

type Worker = Dashboard['workers'][number];
type Running = Dashboard['running'][number];

interface WorkersTableProps {
  workers: readonly Worker[];
  running: readonly Running[];
}

export function WorkersTable({ workers, running }: WorkersTableProps) {
  if (workers.length === 0) return <p className={classes.none}>{messages.workersNone}</p>;
  return (
    <Table label={messages.workers} columns={columns}>
      <tbody>
        {workers.map((worker) => (
          <tr key={worker.id}>
            <th scope="row">
              <code>{worker.id}</code>
              <Under>
                {worker.host}
                {worker.region ? ` ${messages.region(worker.region)}` : ''}
                {worker.draining ? (
                  <>
                    {', '}
                    <StatusText status="paused" label={messages.draining} />
                  </>
                ) : null}
              </Under>
              {worker.labels.length > 0 ? (
                <Under>
                  <code>{worker.labels.map(({ key, value }) => `${key}=${value}`).join(' ')}</code>
                </Under>
              ) : null}
            </th>
            <td>
              <div className={classes.meters}>
                {worker.pools.map(({ pool, slots, free }) => (
                  <Meter
                    key={pool}
                    label={pool}
                    value={slots === 0 ? 0 : (slots - free) / slots}
                    text={messages.slotsOf(`${slots - free}`, `${slots}`)}
                  />
                ))}
              </div>
            </td>
            <td>
              <div className={classes.meters}>
                <Meter
                  label={messages.cpu}
                  value={worker.cpuUtilization}
                  text={formatShare(worker.cpuUtilization)}
                />
                <Meter
                  label={messages.memory}
                  value={worker.memoryUtilization}
                  text={formatShare(worker.memoryUtilization)}
                />
              </div>
              <Capacity worker={worker} />
            </td>
            <td>
              <RunsOf worker={worker} running={running} />
            </td>
            <td>
              {isolationLabel(worker.isolation)}
              {worker.isolationLacks ? (
                <Under>{messages.lacks(worker.isolationLacks)}</Under>
              ) : null}
            </td>
            <td className="muted">
              <Ago at={worker.startedAt} />
              <Under>{messages.heardAgo(formatElapsed(worker.heartbeatAgeMs))}</Under>
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Of its machine; a worker of before does not tell it. */
function Capacity({ worker: { cpuCores, memoryBytes } }: { worker: Worker }) {
  if (cpuCores === 0) return null;
  return (
    <Under>
      {messages.cores(cpuCores)}, {formatBytes(memoryBytes)}
    </Under>
  );
}

const SHOWN = 4;

function RunsOf({ worker, running }: { worker: Worker; running: readonly Running[] }) {
  const own = running.filter((run) => run.workerId === worker.id);
  if (worker.running === 0 && own.length === 0)
    return <span className="muted">{messages.idle}</span>;
  const rest = Math.max(worker.running, own.length) - Math.min(own.length, SHOWN);
  return (
    <ul>
      {own.slice(0, SHOWN).map((run) => (
        <li key={run.id} className="truncate">
          <Link to="/runs/$runId" params={{ runId: run.id }} className="link">
            {run.taskName}
          </Link>
        </li>
      ))}
      {rest > 0 ? <li className="muted num">{messages.more(rest)}</li> : null}
    </ul>
  );
}
