import { Link, type LinkProps } from '@tanstack/react-router';
import { createContext, useContext, useEffect, useLayoutEffect } from 'react';
import { messages } from './messages.js';
import classes from './page.module.css';

export interface Crumb {
  label: string;
  link?: LinkProps;
}

/** How a page tells the frame where it is. */
export const CrumbsContext = createContext<(crumbs: readonly Crumb[]) => void>(() => undefined);

interface PageProps {
  title: string;
  /** Instead of the plain title; the page has this one h1. */
  heading?: React.ReactNode;
  crumbs?: readonly Crumb[];
  lead?: React.ReactNode;
  actions?: React.ReactNode;
  children: React.ReactNode;
}

export function Page({ title, heading, crumbs, lead, actions, children }: PageProps) {
  const setCrumbs = useContext(CrumbsContext);
  const path = JSON.stringify(crumbs ?? [{ label: title }]);
  useLayoutEffect(() => setCrumbs(JSON.parse(path) as Crumb[]), [path, setCrumbs]);
  useEffect(() => {
    document.title = `${title} · ${messages.product}`;
  }, [title]);
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <div className={classes.title}>
          <h1>{heading ?? title}</h1>
          {lead === undefined ? null : <div className={classes.lead}>{lead}</div>}
        </div>
        {actions === undefined ? null : <div className={classes.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

export function Crumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <ol className={classes.crumbs}>
      {crumbs.map((crumb, place) => (
        <li key={crumb.label} aria-current={place === crumbs.length - 1 ? 'page' : undefined}>
          {crumb.link ? <Link {...crumb.link}>{crumb.label}</Link> : <span>{crumb.label}</span>}
        </li>
      ))}
    </ol>
  );
}
