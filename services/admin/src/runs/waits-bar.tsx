import { formatDuration } from '../time/time.js';
import { messages } from './messages.js';
import type { RunWaits } from './run-document.js';
import { partsOf } from './waits.js';
import classes from './waits.module.css';

interface WaitsBarProps {
  waits: RunWaits;
  /** In one line, for a row of a table. */
  inline?: boolean;
}

/** Where the time went: one bar, each part of it beside its word and its duration. */
export function WaitsBar({ waits, inline = false }: WaitsBarProps) {
  const parts = partsOf(waits);
  if (parts.length === 0) return null;
  return (
    <div className={classes.waits} data-inline={inline}>
      <div className={classes.bar} aria-hidden="true">
        {parts.map(({ part, ms }) => (
          <span key={part} data-part={part} style={{ flexGrow: ms }} />
        ))}
      </div>
      <dl className={classes.legend} aria-label={messages.waits}>
        {parts.map(({ part, ms }) => (
          <div key={part} title={messages.waitHints[part]}>
            <dt data-part={part}>{messages.waitParts[part]}</dt>
            <dd className="num">{formatDuration(ms)}</dd>
          </div>
        ))}
        {inline ? null : (
          <div className={classes.total}>
            <dt>{messages.waitTotal}</dt>
            <dd className="num">{formatDuration(waits.totalMs)}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}
