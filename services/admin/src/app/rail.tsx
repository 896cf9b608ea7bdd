import {
  IconBarrierBlock,
  IconBell,
  IconCalendar,
  IconClockPlay,
  IconLayoutDashboard,
  IconListDetails,
  IconRobot,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { graphql } from '../graphql/graphql.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { messages } from './messages.js';
import classes from './shell.module.css';

const places = [
  { to: '/overview', label: messages.overview, icon: IconLayoutDashboard },
  { to: '/tasks', label: messages.tasks, icon: IconClockPlay },
  { to: '/runs', label: messages.runs, icon: IconListDetails },
  { to: '/automations', label: messages.automations, icon: IconRobot },
  { to: '/calendars', label: messages.calendars, icon: IconCalendar },
  { to: '/maintenance', label: messages.maintenance, icon: IconBarrierBlock },
] as const;

const SystemDocument = graphql(`
  query System {
    system {
      version
      account
      actor
    }
  }
`);

export function Rail() {
  const { data } = useLiveQuery(SystemDocument, {});
  return (
    <nav className={classes.rail} aria-label={messages.navigation}>
      <Link to="/overview" className={classes.brand}>
        <span className={classes.mark}>
          <IconBell size={16} stroke={2} aria-hidden="true" />
        </span>
        <span className={classes.railText}>{messages.product}</span>
      </Link>
      <ul className={classes.places}>
        {places.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link to={to} className={classes.place} title={label}>
              <Icon size={17} stroke={1.7} aria-hidden="true" />
              <span className={classes.railText}>{label}</span>
            </Link>
          </li>
        ))}
      </ul>
      {data ? (
        <p className={classes.system}>
          <span>{data.system.actor}</span>
          <span>
            {data.system.account} · {data.system.version}
          </span>
        </p>
      ) : null}
    </nav>
  );
}
