import { IconBell } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { graphql } from '../graphql/graphql.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { messages } from './messages.js';
import { places } from './places.js';
import { parseSearch } from './search.js';
import classes from './shell.module.css';
import { defaultSearchOf, type SavedView, useViews } from './views.js';

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
  const views = useViews();
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
            <Link
              to={to}
              search={parseSearch(defaultSearchOf(views, to)) as never}
              activeOptions={{ includeSearch: false }}
              className={classes.place}
              title={label}
            >
              <Icon size={17} stroke={1.7} aria-hidden="true" />
              <span className={classes.railText}>{label}</span>
            </Link>
          </li>
        ))}
      </ul>
      {views.length > 0 ? <Views views={views} /> : null}
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

function Views({ views }: { views: readonly SavedView[] }) {
  return (
    <section className={classes.views} aria-labelledby="rail-views">
      <h2 id="rail-views">{messages.views}</h2>
      <ul>
        {views.map(({ page, name, search }) => (
          <li key={`${page} ${name}`}>
            <Link to={page} search={parseSearch(search) as never} className="truncate">
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
