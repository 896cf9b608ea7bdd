import { Tooltip } from '@mantine/core';
import { useConnection } from '../graphql/connection.js';
import { formatClock } from '../time/time.js';
import { useZone } from '../time/zone.js';
import { messages } from './messages.js';
import classes from './shell.module.css';

/** Says whether what is on the screen is true now. Announced when it changes, never in between. */
export function LiveIndicator() {
  const { state, asOfMs } = useConnection();
  const zone = useZone();
  const [label, hint] =
    state === 'live'
      ? [messages.live, messages.liveHint]
      : state === 'polling'
        ? [messages.polling, messages.pollingHint]
        : state === 'connecting'
          ? [messages.connecting, messages.connecting]
          : [messages.reconnecting(formatClock(asOfMs, zone)), messages.pollingHint];
  return (
    <Tooltip label={hint}>
      <output className={classes.live} data-state={state}>
        <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
          <circle cx="5" cy="5" r="4" className={classes.liveRing} />
          <path d="M5 1a4 4 0 0 1 0 8Z" className={classes.liveHalf} />
          <path d="M5 1a4 4 0 0 0 0 8Z" className={classes.liveOther} />
        </svg>
        {label}
      </output>
    </Tooltip>
  );
}
