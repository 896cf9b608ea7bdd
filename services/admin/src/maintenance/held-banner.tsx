import { IconBarrierBlock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useNow } from '../clock.js';
import { formatStamp } from '../time/time.js';
import { useZone } from '../time/zone.js';
import { EndMaintenance } from './end-maintenance.js';
import classes from './maintenance.module.css';
import { messages } from './messages.js';
import { holding } from './state.js';
import { useMaintenances } from './use-maintenances.js';

/** On every page while a maintenance holds: whoever wonders why nothing rings must not search. */
export function HeldBanner() {
  const { data } = useMaintenances();
  const now = useNow();
  const zone = useZone();
  const held = holding(data?.maintenances ?? [], now);
  return (
    <div className={classes.bannerPlace} role="status">
      {held ? (
        <div className={classes.banner}>
          <IconBarrierBlock size={17} stroke={1.8} aria-hidden="true" />
          <p>
            <strong>
              {held.until
                ? messages.held(held.scope, formatStamp(Date.parse(held.until), zone, now))
                : messages.heldOpen(held.scope)}
            </strong>{' '}
            {messages.by} {held.author}
            {held.reason ? ` — ${held.reason}` : ''}
          </p>
          <Link to="/maintenance">{messages.show}</Link>
          <EndMaintenance maintenance={held} />
        </div>
      ) : null}
    </div>
  );
}
