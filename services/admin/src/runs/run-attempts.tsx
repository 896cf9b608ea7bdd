import { attemptStatus } from '../status/status.js';
import { StatusText } from '../status/status-badge.js';
import { Elapsed, Stamp } from '../time/stamp.js';
import { formatDuration } from '../time/time.js';
import { messages } from './messages.js';
import classes from './run.module.css';
import type { RunAttempt } from './run-document.js';

interface RunAttemptsProps {
  attempts: readonly Omit<RunAttempt, 'artifacts' | 'usage'>[];
  /** Where the log is on the same page. */
  onLog?: ((attempt: number) => void) | undefined;
}

/** Every attempt with its own error: the last one alone often is not the first cause. */
export function RunAttempts({ attempts, onLog }: RunAttemptsProps) {
  return (
    <div className={classes.scroll}>
      <table className={classes.attempts}>
        <thead>
          <tr>
            <th scope="col">{messages.attempt}</th>
            <th scope="col">{messages.started}</th>
            <th scope="col" data-align="end">
              {messages.ranHeading}
            </th>
            <th scope="col" className={classes.worker}>
              {messages.worker}
            </th>
            {onLog ? (
              <th scope="col">
                <span className="visually-hidden">{messages.showLog}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        {attempts.map((attempt) => (
          <AttemptRows
            key={`${attempt.attempt} ${attempt.fence}`}
            attempt={attempt}
            onLog={onLog}
          />
        ))}
      </table>
    </div>
  );
}

/** Waits of a moment are not worth a line. */
const BARELY_MS = 100;

function Waited({ ms, what }: { ms: number | null; what: string }) {
  if (ms === null || ms < BARELY_MS) return null;
  return (
    <span className={classes.waited}>
      {messages.waited} <span className="num">{formatDuration(ms)}</span> {what}
    </span>
  );
}

interface AttemptRowsProps {
  attempt: RunAttemptsProps['attempts'][number];
  onLog: RunAttemptsProps['onLog'];
}

function AttemptRows({ attempt, onLog }: AttemptRowsProps) {
  const status = attemptStatus(attempt.status);
  return (
    <tbody>
      <tr>
        <th scope="row">
          <span className="num">{attempt.attempt}</span>
          <StatusText status={status} label={attempt.status.replaceAll('_', ' ')} />
        </th>
        <td>
          <Stamp at={attempt.startedAt} />
          <Waited ms={attempt.queueMs} what={messages.waitedQueue} />
          <Waited ms={attempt.limitMs} what={messages.waitedLimit} />
        </td>
        <td data-align="end" className="num">
          {attempt.startedAt && attempt.endedAt ? (
            formatDuration(Date.parse(attempt.endedAt) - Date.parse(attempt.startedAt))
          ) : (
            <Elapsed since={attempt.endedAt ? null : attempt.startedAt} />
          )}
        </td>
        <td className={`mono ${classes.worker}`}>{attempt.workerId ?? '–'}</td>
        {onLog ? (
          <td data-align="end">
            <button type="button" className="link" onClick={() => onLog(attempt.attempt)}>
              {messages.showLog}
            </button>
          </td>
        ) : null}
      </tr>
      {attempt.error ? (
        <tr className={classes.attemptError}>
          <td colSpan={5}>
            <p>
              <code>{attempt.error.code}</code> {attempt.error.message}
            </p>
            {attempt.error.stack ? (
              <details>
                <summary>{messages.stack}</summary>
                <pre className="mono">{attempt.error.stack}</pre>
              </details>
            ) : null}
          </td>
        </tr>
      ) : null}
    </tbody>
  );
}
