import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { HeldBanner } from '../maintenance/held-banner.js';
import { preference, setPreference } from '../preferences.js';
import { StampCard } from '../time/stamp-card.js';
import { messages } from './messages.js';
import { type Crumb, CrumbsContext } from './page.js';
import { Rail } from './rail.js';
import classes from './shell.module.css';
import { listenForShortcuts, useShortcuts } from './shortcuts.js';
import { TopBar } from './top-bar.js';

const ShortcutSheet = lazy(async () => ({
  default: (await import('./shortcut-sheet.js')).ShortcutSheet,
}));

/** The frame that stays while screens change. */
export function Shell() {
  const [crumbs, setCrumbs] = useState<readonly Crumb[]>([]);
  const [sheet, setSheet] = useState(false);
  const navigate = useNavigate();
  useEffect(listenForShortcuts, []);
  useShortcuts(messages.everywhere, [
    { keys: 'g o', label: messages.goOverview, run: () => void navigate({ to: '/overview' }) },
    { keys: 'g t', label: messages.goTasks, run: () => void navigate({ to: '/tasks' }) },
    { keys: 'g r', label: messages.goRuns, run: () => void navigate({ to: '/runs' }) },
    {
      keys: 'g a',
      label: messages.goAutomations,
      run: () => void navigate({ to: '/automations' }),
    },
    { keys: 'g c', label: messages.goCalendars, run: () => void navigate({ to: '/calendars' }) },
    {
      keys: 'g m',
      label: messages.goMaintenance,
      run: () => void navigate({ to: '/maintenance' }),
    },
    { keys: 'g n', label: messages.newTask, run: () => void navigate({ to: '/tasks/new' }) },
    {
      keys: 'z',
      label: messages.switchZone,
      run: () => setPreference('zone', preference('zone') === 'utc' ? 'local' : 'utc'),
    },
    { keys: '?', label: messages.showSheet, run: () => setSheet(true) },
  ]);
  return (
    <CrumbsContext value={setCrumbs}>
      <a href="#main" className={classes.skip}>
        {messages.skip}
      </a>
      <div className={classes.shell}>
        <HeldBanner />
        <Rail />
        <TopBar crumbs={crumbs} onShortcuts={() => setSheet(true)} />
        <main id="main" className={classes.main} tabIndex={-1} data-scroll-restoration-id="main">
          <Outlet />
        </main>
      </div>
      <StampCard />
      {sheet ? (
        <Suspense>
          <ShortcutSheet onClose={() => setSheet(false)} />
        </Suspense>
      ) : null}
    </CrumbsContext>
  );
}
