import { formatDuration } from '../time/time.js';
import classes from './form.module.css';
import { messages } from './messages.js';
import { retryDelays, type SettingsDraft } from './settings-draft.js';

const WIDTH = 1000;
const MARGIN = 8;
const HEIGHT = 20;

/** When the attempts would come, if every one of them failed at once: drawn, then said. */
export function RetryPlan({ draft }: { draft: SettingsDraft }) {
  const delays = retryDelays(draft);
  if (delays.length === 0) return <p className="muted">{messages.noRetry}</p>;
  const total = delays.reduce((sum, { most }) => sum + most, 0);
  const place = (seconds: number): number =>
    MARGIN + (total === 0 ? 0 : seconds / total) * (WIDTH - 2 * MARGIN);
  let latest = 0;
  let soonest = 0;
  const attempts = delays.map(({ least, most }) => {
    latest += most;
    soonest += least;
    return { soonest, latest, least, most };
  });
  const ms = (seconds: number): string => formatDuration(seconds * 1000);
  return (
    <div className={classes.plan}>
      <p className="muted">{messages.retryPlan(ms(soonest), ms(latest))}</p>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={classes.planLine}
        aria-hidden="true"
      >
        <line x1={MARGIN} x2={WIDTH - MARGIN} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        <circle cx={MARGIN} cy={HEIGHT / 2} r="6" />
        {attempts.map((attempt, retry) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: attempts are known by their number
          <g key={retry}>
            <rect
              x={place(attempt.soonest)}
              y={HEIGHT / 2 - 4}
              width={place(attempt.latest) - place(attempt.soonest)}
              height="8"
            />
            <circle cx={place(attempt.latest)} cy={HEIGHT / 2} r="6" />
          </g>
        ))}
      </svg>
      <ol>
        {attempts.map(({ least, most }, retry) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: attempts are known by their number
          <li key={retry}>
            {messages.attemptAt(
              retry + 2,
              least === most ? ms(most) : messages.between(ms(least), ms(most)),
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
