import { formatCount } from '../numbers.js';
import { statusLabel } from '../status/status.js';
import { StatusIcon } from '../status/status-icon.js';
import { formatMinute } from '../time/time.js';
import { useZone } from '../time/zone.js';
import type { Dashboard } from './dashboard-document.js';
import { messages } from './messages.js';
import classes from './overview.module.css';

type Hour = Dashboard['hours'][number];

/** From the ground up: what went well lies below, what failed stands on top of it. */
const layers = ['success', 'cancelled', 'timeout', 'failed'] as const;

const HEIGHT = 72;
const COLUMN = 20;
const BAR = 12;
const LABEL_EVERY = 6;
/** A failure among thousands must still be seen. */
const LEAST_PX = 3;

const totalOf = (hour: Hour): number => layers.reduce((sum, layer) => sum + hour[layer], 0);

export const endedIn = (hours: readonly Hour[]): number =>
  hours.reduce((sum, hour) => sum + totalOf(hour), 0);

export const failedIn = (hours: readonly Hour[]): number =>
  hours.reduce((sum, hour) => sum + hour.failed + hour.timeout, 0);

export function PulseLegend({ hours }: { hours: readonly Hour[] }) {
  return (
    <ul className={classes.legend}>
      {layers.map((layer) => (
        <li key={layer}>
          <StatusIcon status={layer} size={11} />
          {statusLabel[layer]}
          <span className="num">
            {formatCount(hours.reduce((sum, hour) => sum + hour[layer], 0))}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function Pulse({ hours }: { hours: readonly Hour[] }) {
  const zone = useZone();
  const most = Math.max(1, ...hours.map(totalOf));
  const labelOf = (hour: Hour): string => formatMinute(Date.parse(hour.hour), zone);
  return (
    <figure className={classes.pulse}>
      <svg
        viewBox={`0 0 ${hours.length * COLUMN} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={messages.pulseSummary(
          formatCount(endedIn(hours)),
          formatCount(failedIn(hours)),
        )}
      >
        {hours.map((hour, place) => (
          <Column key={hour.hour} hour={hour} place={place} most={most} label={labelOf(hour)} />
        ))}
        <line
          x1="0"
          x2={hours.length * COLUMN}
          y1={HEIGHT}
          y2={HEIGHT}
          className={classes.ground}
        />
      </svg>
      <div className={classes.pulseFoot}>
        <ol className={classes.axis} aria-hidden="true">
          {hours
            .filter((_, place) => place % LABEL_EVERY === 0)
            .map((hour) => (
              <li key={hour.hour}>{labelOf(hour)}</li>
            ))}
        </ol>
        <span className={classes.axisEnd}>{messages.now}</span>
      </div>
      <PulseTable hours={hours} labelOf={labelOf} />
    </figure>
  );
}

interface ColumnProps {
  hour: Hour;
  place: number;
  most: number;
  label: string;
}

function Column({ hour, place, most, label }: ColumnProps) {
  const parts = layers.map((layer) => `${statusLabel[layer]} ${hour[layer]}`).join(', ');
  let top = HEIGHT;
  return (
    <g>
      <title>{`${label}: ${parts}`}</title>
      <rect x={place * COLUMN} y="0" width={COLUMN} height={HEIGHT} className={classes.column} />
      {layers.map((layer) => {
        if (hour[layer] === 0) return null;
        const height = Math.max(LEAST_PX, (hour[layer] / most) * (HEIGHT - 6));
        top -= height;
        return (
          <rect
            key={layer}
            data-status={layer}
            className={classes.bar}
            x={place * COLUMN + (COLUMN - BAR) / 2}
            y={Math.max(0, top)}
            width={BAR}
            height={height}
          />
        );
      })}
    </g>
  );
}

function PulseTable({
  hours,
  labelOf,
}: {
  hours: readonly Hour[];
  labelOf: (hour: Hour) => string;
}) {
  return (
    <details className={classes.pulseTable}>
      <summary>{messages.asTable}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{messages.hour}</th>
            {layers.map((layer) => (
              <th key={layer} scope="col">
                {statusLabel[layer]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {hours.map((hour) => (
            <tr key={hour.hour}>
              <th scope="row">{labelOf(hour)}</th>
              {layers.map((layer) => (
                <td key={layer}>{formatCount(hour[layer])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
