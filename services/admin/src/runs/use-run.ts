import { useEffect, useState } from 'react';
import { type CombinedError, useSubscription } from 'urql';
import { every } from '../clock.js';
import { useAsleep } from '../graphql/connection.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { isOlder } from '../live/live-list.js';
import { isOpen } from '../status/status.js';
import { type Run, RunChangedDocument, RunDocument } from './run-document.js';

interface RunView {
  run: Run | undefined;
  missing: boolean;
  error: CombinedError | undefined;
  retry: () => void;
}

const WAIT_ASKED_EVERY_MS = 3_000;

/** One run, by query and subscription: whichever knows more. */
export function useRun(id: string): RunView {
  const query = useLiveQuery(RunDocument, { id });
  const asleep = useAsleep();
  const [told] = useSubscription({ query: RunChangedDocument, variables: { id }, pause: asleep });
  const [newest, setNewest] = useState<Run>();
  const asked = query.data?.execution ?? undefined;
  const pushed = told.data?.executionChanged;
  useEffect(() => {
    setNewest((known) => later(later(known, asked), pushed));
  }, [asked, pushed]);
  const run = later(later(newest, asked), newest ? undefined : pushed);
  // What it waits for, and for how long, changes without a change of its own.
  const goesOn = run !== undefined && isOpen(run.status) && !asleep;
  const { retry } = query;
  useEffect(() => (goesOn ? every(WAIT_ASKED_EVERY_MS, retry) : undefined), [goesOn, retry]);
  return {
    run: run?.id === id ? run : undefined,
    missing: query.data !== undefined && query.data.execution === null && !pushed,
    error: query.error,
    retry: query.retry,
  };
}

/** The same position may carry later facts of an attempt: what comes later wins then. */
function later(known: Run | undefined, candidate: Run | undefined): Run | undefined {
  if (!candidate || !known || known.id !== candidate.id) return candidate ?? known;
  return isOlder(candidate.position, known.position) ? known : candidate;
}
