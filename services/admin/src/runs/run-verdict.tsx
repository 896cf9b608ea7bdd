import { Link } from '@tanstack/react-router';
import { useNow } from '../clock.js';
import { isOpen } from '../status/status.js';
import { StatusIcon } from '../status/status-icon.js';
import { Ago, Countdown, Elapsed } from '../time/stamp.js';
import { formatDuration } from '../time/time.js';
import { skipCauseLabel } from '../words.js';
import { DeadLetterNote } from './dead-letter-note.js';
import { messages } from './messages.js';
import classes from './run.module.css';
import type { Run } from './run-document.js';

/** What became of the run, in one sentence; then the error that says why. */
export function RunVerdict({ run }: { run: Run }) {
  const failed = run.status === 'failed' || run.status === 'timeout';
  return (
    <section className={classes.verdict} data-status={run.status} aria-live="polite">
      <StatusIcon status={run.status} size={20} />
      <div className={classes.verdictText}>
        <p className={classes.sentence}>
          <Sentence run={run} />
        </p>
        {run.error && (failed || run.status === 'retrying') ? (
          <p className={classes.reason}>
            <code>{run.error.code}</code> {run.error.message}
          </p>
        ) : null}
        {failed ? <DeadLetterNote runId={run.id} /> : null}
        {run.retryOf ? (
          <p className="muted">
            <Link to="/runs/$runId" params={{ runId: run.retryOf }} className="link">
              {messages.retryOf}
            </Link>
          </p>
        ) : null}
      </div>
    </section>
  );
}

function Sentence({ run }: { run: Run }) {
  const verdict = messages.verdict[run.status];
  const stopping = run.cancelRequested && isOpen(run.status);
  if (stopping) return <strong>{messages.cancelling}</strong>;
  switch (run.status) {
    case 'running':
      return (
        <>
          <strong>{verdict}</strong> <Elapsed since={run.startedAt} />
          {run.attempt > 1 ? `, ${messages.attemptNow(run.attempt)}` : ''}
        </>
      );
    case 'queued':
      return (
        <>
          <strong>{run.waitingFor ? messages.waiting : verdict}</strong>{' '}
          <Elapsed since={run.requestedAt} />
          {run.waitingFor ? <WaitText wait={run.waitingFor} /> : null}
        </>
      );
    case 'waiting':
      return (
        <>
          <strong>{verdict}</strong> {run.retryAt ? <Countdown at={run.retryAt} /> : null}
          {run.waitingFor ? <WaitText wait={run.waitingFor} /> : null}
        </>
      );
    case 'retrying':
      return (
        <>
          <strong>{verdict}</strong> <Countdown at={run.retryAt} />,{' '}
          {messages.attemptNow(run.attempt + 1)}
        </>
      );
    case 'skipped':
      return (
        <>
          <strong>{verdict}</strong>{' '}
          {run.skipCause ? messages.because(skipCauseLabel(run.skipCause)) : ''}
          {run.skipDetail ? <span className="muted"> {run.skipDetail}</span> : null}
          {run.blockingExecutionId ? (
            <>
              {': '}
              <Link to="/runs/$runId" params={{ runId: run.blockingExecutionId }} className="link">
                {messages.blockedBy}
              </Link>
            </>
          ) : null}
        </>
      );
    default:
      return (
        <>
          <strong>{verdict}</strong>{' '}
          {[
            messages.afterAttempts(run.attempt),
            run.durationMs === null ? '' : messages.inDuration(formatDuration(run.durationMs)),
          ]
            .filter(Boolean)
            .join(' ')}
          {run.completedAt ? (
            <span className="muted">
              {', '}
              <Ago at={run.completedAt} />
            </span>
          ) : null}
        </>
      );
  }
}

/** What it waits for, its place, and when its turn is likely to come. */
function WaitText({ wait }: { wait: NonNullable<Run['waitingFor']> }) {
  const now = useNow();
  const { says, queuePosition, estimatedStart } = wait;
  return (
    <>
      . {says}{' '}
      {queuePosition > 0 ? (
        <span className="muted">{messages.placeInQueue(queuePosition)}</span>
      ) : null}
      {estimatedStart && Date.parse(estimatedStart) > now ? (
        <span className="muted">
          {', '}
          {messages.startsAbout} <Countdown at={estimatedStart} />
        </span>
      ) : null}
    </>
  );
}
