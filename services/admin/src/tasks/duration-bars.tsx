import { useNavigate } from '@tanstack/react-router';
import type { ExecutionRow } from '../graphql/fragments.js';
import { statusLabel } from '../status/status.js';
import { formatDuration } from '../time/time.js';
import { messages } from './messages.js';
import classes from './task.module.css';

const HEIGHT = 64;
const BAR = 10;
const GAP = 3;
const LEAST_PX = 3;
const SHOWN = 50;

/** How long the last runs took, oldest first; a bar leads to its run. */
export function DurationBars({ runs }: { runs: readonly ExecutionRow[] }) {
  const navigate = useNavigate();
  const shown = runs.slice(0, SHOWN).reverse();
  const longest = Math.max(1, ...shown.map((run) => run.durationMs ?? 0));
  const empty = SHOWN - shown.length;
  return (
    <figure className={classes.durations}>
      <svg
        viewBox={`0 0 ${SHOWN * (BAR + GAP)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={messages.durationsSummary(shown.length, formatDuration(longest))}
      >
        {shown.map((run, place) => {
          const height = Math.max(LEAST_PX, ((run.durationMs ?? 0) / longest) * (HEIGHT - 2));
          const x = (empty + place) * (BAR + GAP);
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list below is the way by keyboard
            <g
              key={run.id}
              onClick={() => void navigate({ to: '/runs/$runId', params: { runId: run.id } })}
            >
              <title>
                {`${statusLabel[run.status]} ${run.durationMs === null ? '' : formatDuration(run.durationMs)}`}
              </title>
              <rect x={x} y="0" width={BAR + GAP} height={HEIGHT} className={classes.barSpace} />
              <rect
                data-status={run.status}
                className={classes.bar}
                x={x}
                y={HEIGHT - height}
                width={BAR}
                height={height}
              />
            </g>
          );
        })}
      </svg>
      <figcaption className="muted num">{formatDuration(longest)}</figcaption>
    </figure>
  );
}
