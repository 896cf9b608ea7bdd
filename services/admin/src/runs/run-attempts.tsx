import type { AttemptRow } from '../graphql/fragments.js';
import { attemptStatus } from '../status/status.js';
import { StatusText } from '../status/status-badge.js';
import { Elapsed, Stamp } from '../time/stamp.js';
import { formatDuration } from '../time/time.js';
import { AttemptUsage } from './attempt-usage.js';
import { messages } from './messages.js';
import classes from './run.module.css';
import { WaitsBar } from './waits-bar.js';

interface RunAttemptsProps {
  attempts: readonly AttemptRow[];
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

interface AttemptRowsProps {
  attempt: AttemptRow;
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
      {attempt.waits || attempt.usage ? (
        <tr className={classes.attemptMore}>
          <td colSpan={5}>
            {attempt.waits ? <WaitsBar waits={attempt.waits} inline /> : null}
            <AttemptUsage attempt={attempt} />
          </td>
        </tr>
      ) : null}
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
