import { formatDuration } from '../time/time.js';
import { type RunStatus, statusLabel } from './status.js';
import classes from './status.module.css';

export interface PastRun {
  id: string;
  status: RunStatus;
  durationMs?: number | null;
}

const SHOWN = 20;

/** The last runs of a task, oldest first: failures stand up, the others lie low. */
export function StatusHistory({ runs }: { runs: readonly PastRun[] }) {
  const shown = runs.slice(0, SHOWN).reverse();
  const empty = Math.max(0, SHOWN - shown.length);
  const failures = shown.filter((run) => run.status === 'failed' || run.status === 'timeout');
  const summary =
    shown.length === 0
      ? 'No runs yet'
      : `Last ${shown.length} runs: ${failures.length} failed, latest ${statusLabel[shown.at(-1)?.status ?? 'queued'].toLowerCase()}`;
  return (
    <span className={classes.history} role="img" aria-label={summary}>
      {Array.from({ length: empty }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <i key={place} className={classes.none} />
      ))}
      {shown.map((run) => (
        <i
          key={run.id}
          data-status={run.status}
          title={`${statusLabel[run.status]}${run.durationMs == null ? '' : ` · ${formatDuration(run.durationMs)}`}`}
        />
      ))}
    </span>
  );
}
