import { useMemo } from 'react';
import { useNow } from '../clock.js';
import { formatCountdown, formatDuration, formatRun, zoneAbbreviation } from '../time/time.js';
import { useZone } from '../time/zone.js';
import { taskTypeLabel } from '../words.js';
import type { Draft } from './draft.js';
import classes from './form.module.css';
import { messages } from './messages.js';
import { nextOf } from './preview.js';
import { retryDelays } from './settings-draft.js';

interface FormSummaryProps {
  draft: Draft;
  /** The name of the chosen automation. */
  target: string | undefined;
}

/** What the form says so far, in words: read once more before it is saved. */
export function FormSummary({ draft, target }: FormSummaryProps) {
  const zone = useZone();
  const now = useNow();
  const minute = Math.floor(now / 60_000) * 60_000;
  const next = useMemo(() => nextOf(draft.schedules, minute), [draft.schedules, minute]);
  const delays = retryDelays(draft);
  const tried =
    Number(draft.timeout || 0) * 60_000 * (delays.length + 1) +
    delays.reduce((sum, { most }) => sum + most * 1000, 0);
  const deadline = draft.totalDeadline === '' ? tried : draft.totalDeadline * 60_000;
  const worst = Math.min(tried, deadline);
  return (
    <div className={classes.summary}>
      <p className={classes.summaryName}>{draft.name.trim() || messages.unnamed}</p>
      <p className="muted">
        {taskTypeLabel[draft.type]}
        {target ? <>: {target}</> : null}
      </p>
      <h3>{messages.nextRuns}</h3>
      {next.length === 0 ? (
        <p className="muted">
          {draft.schedules.length === 0 ? messages.whenNone : messages.noNext}
        </p>
      ) : (
        <ol className={classes.summaryNext}>
          {next.map((at) => (
            <li key={at}>
              <span>
                {formatRun(at, zone, now)}{' '}
                <span className="muted">{zoneAbbreviation(at, zone)}</span>
              </span>
              <span className="muted">{formatCountdown(at, now)}</span>
            </li>
          ))}
        </ol>
      )}
      <h3>{messages.how}</h3>
      <p className="muted">{messages.attempts(delays.length + 1, formatDuration(worst))}</p>
    </div>
  );
}
