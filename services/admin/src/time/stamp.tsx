import { serverNow, useNow } from '../clock.js';
import { formatCountdown, formatElapsed, formatRelative, formatStamp } from './time.js';
import classes from './time.module.css';
import { useZone } from './zone.js';

interface StampProps {
  /** ISO text; nothing is shown for none. */
  at: string | null | undefined;
  className?: string;
}

/** A time with its zone. Hovered or focused it opens its card (`stamp-card.tsx`); a click copies it. */
export function Stamp({ at, className }: StampProps) {
  const zone = useZone();
  if (!at) return <span className="muted">–</span>;
  const ms = Date.parse(at);
  return (
    <button type="button" className={`${classes.stamp} ${className ?? ''}`} data-at={at}>
      <time dateTime={at}>{formatStamp(ms, zone, serverNow())}</time>
    </button>
  );
}

/** The same inside rows and links, where nothing may take the focus. */
export function StampText({ at, className }: StampProps) {
  const zone = useZone();
  if (!at) return <span className="muted">–</span>;
  return (
    <time dateTime={at} data-at={at} className={className}>
      {formatStamp(Date.parse(at), zone, serverNow())}
    </time>
  );
}

export function Ago({ at, className }: StampProps) {
  const now = useNow();
  if (!at) return <span className="muted">–</span>;
  return (
    <time dateTime={at} data-at={at} className={className}>
      {formatRelative(Date.parse(at), Math.max(now, 0))}
    </time>
  );
}

export function Countdown({ at, className }: StampProps) {
  const now = useNow();
  if (!at) return <span className="muted">–</span>;
  return (
    <time dateTime={at} data-at={at} className={className}>
      {formatCountdown(Date.parse(at), now)}
    </time>
  );
}

/** How long something has been going on. */
export function Elapsed({ since }: { since: string | null | undefined }) {
  const now = useNow();
  if (!since) return <span className="muted">–</span>;
  return <span className="num">{formatElapsed(now - Date.parse(since))}</span>;
}
