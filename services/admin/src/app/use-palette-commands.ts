/** What can be gone to and done right now: known here, and found by the gateway. */
import { useMantineColorScheme } from '@mantine/core';
import { IconClockPlay, IconListDetails } from '@tabler/icons-react';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { after } from '../clock.js';
import { graphql } from '../graphql/graphql.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { densities, setPreference } from '../preferences.js';
import { statusLabel } from '../status/status.js';
import { keyCaps } from './key-names.js';
import { messages } from './messages.js';
import { type Command, idIn, matching } from './palette-commands.js';
import { places } from './places.js';
import { recentVisits } from './recent.js';
import { registeredShortcuts } from './shortcuts.js';
import { colorSchemes } from './theme.js';

const FoundDocument = graphql(`
  query Found($text: String!, $runs: ExecutionFilter) {
    tasks(first: 6, search: $text) {
      edges {
        node {
          id
          name
          status
        }
      }
    }
    executions(first: 4, filter: $runs) {
      edges {
        node {
          id
          taskName
          status
        }
      }
    }
  }
`);

const ByIdDocument = graphql(`
  query FoundById($id: ID!) {
    task(id: $id) {
      id
      name
      status
    }
    execution(id: $id) {
      id
      taskName
      status
    }
  }
`);

const WAIT_MS = 120;
const LEAST_LETTERS = 2;

export function usePaletteCommands(text: string): readonly Command[] {
  const [known] = useState(knownHere);
  const go = useGoing();
  const found = useFound(text, go);
  return [...found, ...matching([...go.recent, ...known, ...go.places, ...useDisplay()], text)];
}

/** Read when the palette opens: its own dialog silences the keys, not what they do. */
function knownHere(): Command[] {
  return registeredShortcuts().flatMap(({ title, shortcuts }) =>
    shortcuts
      .filter(({ keys, run }) => run && !keys.startsWith('g ') && !OWN.has(keys))
      .map(({ keys, label, run }) => ({
        id: `here ${title} ${keys}`,
        group: 'here' as const,
        label,
        hint: keyCaps(keys).join(' '),
        run: () => run?.(new KeyboardEvent('keydown')),
      })),
  );
}

/** Keys that mean nothing from within the palette. */
const OWN = new Set(['mod+k', 'j', 'k', 'Escape']);

interface Going {
  recent: Command[];
  places: Command[];
  task: (found: { id: string; name: string; status: string }) => Command;
  run: (found: { id: string; taskName: string; status: keyof typeof statusLabel }) => Command;
}

function useGoing(): Going {
  const navigate = useNavigate();
  const router = useRouter();
  const [visits] = useState(recentVisits);
  return {
    recent: visits
      .filter(({ path }) => path !== router.state.location.pathname)
      .map(({ path, label }) => ({
        id: `recent ${path}`,
        group: 'recent',
        label,
        icon: path.startsWith('/tasks/') ? IconClockPlay : IconListDetails,
        run: () => router.history.push(path),
      })),
    places: places.map(({ to, label, icon, keys }) => ({
      id: `place ${to}`,
      group: 'places',
      label,
      hint: keys,
      icon,
      run: () => void navigate({ to }),
    })),
    task: ({ id, name, status }) => ({
      id: `task ${id}`,
      group: 'tasks',
      label: name,
      hint: status === 'paused' ? statusLabel.paused : undefined,
      icon: IconClockPlay,
      run: () => void navigate({ to: '/tasks/$taskId', params: { taskId: id } }),
    }),
    run: ({ id, taskName, status }) => ({
      id: `run ${id}`,
      group: 'runs',
      label: taskName,
      hint: `${statusLabel[status]}, ${id.slice(0, 8)}`,
      icon: IconListDetails,
      run: () => void navigate({ to: '/runs/$runId', params: { runId: id } }),
    }),
  };
}

function useFound(text: string, go: Going): Command[] {
  const [asked, setAsked] = useState('');
  useEffect(() => after(WAIT_MS, () => setAsked(text.trim())), [text]);
  const id = idIn(asked);
  const byId = useLiveQuery(ByIdDocument, { id: id ?? '' }, { pause: id === undefined });
  const short = asked.length < LEAST_LETTERS || id !== undefined;
  const byName = useLiveQuery(
    FoundDocument,
    { text: asked, runs: { search: asked } },
    { pause: short },
  );
  if (id !== undefined) {
    const { task, execution } = byId.data ?? {};
    return [...(task ? [go.task(task)] : []), ...(execution ? [go.run(execution)] : [])];
  }
  if (short || text.trim().length < LEAST_LETTERS || !byName.data) return [];
  const { tasks, executions } = byName.data;
  return [
    ...tasks.edges.map(({ node }) => go.task(node)),
    ...executions.edges.map(({ node }) => go.run(node)),
  ];
}

function useDisplay(): Command[] {
  const { setColorScheme } = useMantineColorScheme();
  return [
    ...colorSchemes.map(({ value, label }) => ({
      id: `theme ${value}`,
      group: 'display' as const,
      label: `${messages.theme}: ${label}`,
      run: () => setColorScheme(value),
    })),
    ...densities.map((density) => ({
      id: `density ${density}`,
      group: 'display' as const,
      label: `${messages.density}: ${messages.densities[density]}`,
      run: () => setPreference('density', density),
    })),
  ];
}
