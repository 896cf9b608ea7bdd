import { memo } from 'react';
import { formatClock, formatElapsed } from '../time/time.js';
import { AnsiText } from './ansi.js';
import classes from './log.module.css';
import type { LogLine } from './log-window.js';
import { messages } from './messages.js';

export const lineName = (line: LogLine): string => `${line.attempt}.${line.line}`;

/** `step=1 type=click`: an object's fields in a line; what is nested stays JSON. */
function metadataText(metadata: unknown): string {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    return JSON.stringify(metadata);
  return Object.entries(metadata)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

interface LogLineRowProps {
  line: LogLine;
  zone: string;
  /** Start of the run, when times are shown since then. */
  sinceMs: number | undefined;
  marked: boolean;
  onMark: (line: string) => void;
}

/** Plain elements only: thousands of these scroll by. */
export const LogLineRow = memo(function LogLineRow(props: LogLineRowProps) {
  const { line, zone, sinceMs, marked, onMark } = props;
  const ms = Date.parse(line.timestamp);
  const name = lineName(line);
  return (
    <div className={classes.line} data-level={line.level} data-marked={marked}>
      <button
        type="button"
        className={classes.number}
        tabIndex={-1}
        aria-label={messages.linkLine(name)}
        onClick={() => onMark(name)}
      >
        {line.line}
      </button>
      <time dateTime={line.timestamp} data-at={line.timestamp}>
        {sinceMs === undefined
          ? `${formatClock(ms, zone)}.${`${ms % 1000}`.padStart(3, '0')}`
          : formatElapsed(ms - sinceMs)}
      </time>
      <span className={classes.level}>
        {line.level === 'info' ? <span className="visually-hidden">info</span> : line.level}
      </span>
      <span className={classes.message}>
        <AnsiText text={line.message} />
        {line.metadata === null || line.metadata === undefined ? null : (
          <span className={classes.metadata}> {metadataText(line.metadata)}</span>
        )}
      </span>
    </div>
  );
});
