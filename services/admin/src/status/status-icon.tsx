import type { ShownStatus } from './status.js';
import classes from './status.module.css';

/** Shapes on a grid of 16. Each is told apart by its outline alone, without its colour. */
const shapes: Record<ShownStatus, React.ReactNode> = {
  success: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="m4.9 8.2 2.2 2.2 4.1-4.6" className={classes.cut} />
    </>
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="6" className={classes.track} />
      <path d="M8 2a6 6 0 0 1 6 6" className={classes.stroke} />
    </>
  ),
  queued: <circle cx="8" cy="8" r="6" className={classes.dotted} />,
  failed: (
    <>
      <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Z" fill="currentColor" />
      <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" className={classes.cut} />
    </>
  ),
  timeout: (
    <>
      <path d="M3.5 1.8h9M3.5 14.2h9" className={classes.stroke} />
      <path
        d="M4.7 2v1.8c0 2 3.3 2.8 3.3 4.2s-3.3 2.2-3.3 4.2V14h6.6v-1.8c0-2-3.3-2.8-3.3-4.2s3.3-2.2 3.3-4.2V2Z"
        className={classes.thin}
      />
      <path d="M5.6 13.4c0-1.7 1.4-2.4 2.4-3.1 1 .7 2.4 1.4 2.4 3.1Z" fill="currentColor" />
    </>
  ),
  retrying: (
    <>
      <path d="M13.6 8A5.6 5.6 0 1 1 11.7 3.8" className={classes.stroke} />
      <path d="M9.3 4.6 13.7 5.2 13 .8Z" fill="currentColor" />
    </>
  ),
  waiting: (
    <>
      <circle cx="8" cy="8" r="6" className={classes.stroke} />
      <path d="M8 4.2V8l2.6 1.8" className={classes.stroke} />
    </>
  ),
  cancelled: (
    <>
      <circle cx="8" cy="8" r="6" className={classes.stroke} />
      <path d="m3.9 12.1 8.2-8.2" className={classes.stroke} />
    </>
  ),
  skipped: <path d="M2.5 3.5v9l5-4.5ZM7.7 3.5v9l5-4.5ZM12.8 3.5h1.4v9h-1.4Z" fill="currentColor" />,
  paused: <path d="M4 2.5h2.8v11H4ZM9.2 2.5H12v11H9.2Z" fill="currentColor" />,
  active: <circle cx="8" cy="8" r="4" fill="currentColor" />,
  fired: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M6.3 4.9 11.2 8l-4.9 3.1Z" className={classes.hole} />
    </>
  ),
  missed: (
    <>
      <circle cx="8" cy="8" r="6" className={classes.dashed} />
      <path d="m6.1 6.1 3.8 3.8m0-3.8-3.8 3.8" className={classes.thin} />
    </>
  ),
  lost: (
    <>
      <circle cx="8" cy="8" r="6" className={classes.dashed} />
      <path
        d="M6.2 6.3a1.8 1.8 0 1 1 2.6 1.7c-.5.3-.8.6-.8 1.2M8 11.4v.1"
        className={classes.thin}
      />
    </>
  ),
};

export function StatusIcon({ status, size = 14 }: { status: ShownStatus; size?: number }) {
  return (
    <svg
      className={classes.icon}
      data-status={status}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      {shapes[status]}
    </svg>
  );
}
