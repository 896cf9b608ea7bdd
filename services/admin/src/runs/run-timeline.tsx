import { isOpen } from '../status/status.js';
import { Countdown, Elapsed, Stamp } from '../time/stamp.js';
import { formatDuration } from '../time/time.js';
import { messages } from './messages.js';
import classes from './run.module.css';
import type { Run } from './run-document.js';

interface Moment {
  name: string;
  at: string | null;
  /** What the time since the moment before was spent on. */
  gap?: string;
}

const BARELY_MS = 1;

/** From the clock to the end: each moment, and what was waited for in between. */
export function RunTimeline({ run }: { run: Run }) {
  const moments: Moment[] = [
    ...(run.scheduledAt ? [{ name: messages.nominal, at: run.scheduledAt }] : []),
    { name: messages.requested, at: run.requestedAt, gap: messages.late },
    { name: messages.started, at: run.startedAt, gap: messages.waited },
    { name: messages.ended, at: run.completedAt, gap: messages.ran },
  ];
  return (
    <ol className={classes.timeline}>
      {moments.map((moment, place) => {
        const before = moments[place - 1];
        return (
          <li key={moment.name} data-reached={moment.at !== null}>
            {before ? (
              <p className={classes.gap}>
                <Gap from={before.at} to={moment.at} open={isOpen(run.status)} word={moment.gap} />
              </p>
            ) : null}
            <p className={classes.moment}>
              <span>{moment.name}</span>
              <Stamp at={moment.at} />
            </p>
          </li>
        );
      })}
      {run.status === 'retrying' && run.retryAt ? (
        <li data-reached="false">
          <p className={classes.moment}>
            <span>{messages.retryPlanned}</span>
            <Countdown at={run.retryAt} />
          </p>
        </li>
      ) : null}
    </ol>
  );
}

interface GapProps {
  from: string | null;
  to: string | null;
  open: boolean;
  word: string | undefined;
}

function Gap({ from, to, open, word }: GapProps) {
  if (!from) return null;
  if (!to)
    return open ? (
      <>
        {word} <Elapsed since={from} />
      </>
    ) : null;
  const ms = Date.parse(to) - Date.parse(from);
  if (ms < BARELY_MS) return null;
  return (
    <>
      {word} <span className="num">{formatDuration(ms)}</span>
    </>
  );
}
