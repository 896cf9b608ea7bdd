import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { HeldBanner } from '../maintenance/held-banner.js';
import { preference, setPreference } from '../preferences.js';
import { StampCard } from '../time/stamp-card.js';
import { copyLink } from './copy-link.js';
import { messages } from './messages.js';
import { type Crumb, CrumbsContext } from './page.js';
import { places } from './places.js';
import { Rail } from './rail.js';
import { noteVisit } from './recent.js';
import { parseSearch } from './search.js';
import classes from './shell.module.css';
import { listenForShortcuts, useShortcuts } from './shortcuts.js';
import { TopBar } from './top-bar.js';
import { defaultSearchOf, useViews } from './views.js';

const ShortcutSheet = lazy(async () => ({
  default: (await import('./shortcut-sheet.js')).ShortcutSheet,
}));

const Palette = lazy(async () => ({ default: (await import('./palette.js')).Palette }));

/** The frame that stays while screens change. */
export function Shell() {
  const [crumbs, setCrumbs] = useState<readonly Crumb[]>([]);
  const [sheet, setSheet] = useState(false);
  const [palette, setPalette] = useState(false);
  const navigate = useNavigate();
  const views = useViews();
  useEffect(listenForShortcuts, []);
  useEffect(() => noteVisit(location.pathname, crumbs), [crumbs]);
  useShortcuts(messages.everywhere, [
    { keys: 'mod+k', label: messages.paletteOpen, run: () => setPalette(true) },
    ...places.map(({ to, label, keys }) => ({
      keys,
      label: messages.goTo(label),
      run: () => void navigate({ to, search: parseSearch(defaultSearchOf(views, to)) as never }),
    })),
    { keys: 'g n', label: messages.newTask, run: () => void navigate({ to: '/tasks/new' }) },
    {
      keys: 'z',
      label: messages.switchZone,
      run: () => setPreference('zone', preference('zone') === 'utc' ? 'local' : 'utc'),
    },
    { keys: 'y', label: messages.copyLink, run: () => copyLink(location.href) },
    {
      keys: 'Escape',
      label: messages.up,
      run: () => {
        const above = crumbs.at(-2)?.link;
        if (above) void navigate(above);
      },
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
        <TopBar
          crumbs={crumbs}
          onPalette={() => setPalette(true)}
          onShortcuts={() => setSheet(true)}
        />
        <main id="main" className={classes.main} tabIndex={-1} data-scroll-restoration-id="main">
          <Outlet />
        </main>
      </div>
      <StampCard />
      <Suspense>
        {sheet ? <ShortcutSheet onClose={() => setSheet(false)} /> : null}
        {palette ? <Palette onClose={() => setPalette(false)} /> : null}
      </Suspense>
    </CrumbsContext>
  );
}
