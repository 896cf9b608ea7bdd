import { useEffect, useMemo, useRef } from 'react';
import { useSubscription } from 'urql';
import type { SlotsSearch } from '../app/searches.js';
import { after, every } from '../clock.js';
import { POLL_EVERY_MS, useAsleep } from '../graphql/connection.js';
import { type LiveListView, useLiveList } from '../live/use-live-list.js';
import { type SlotRow, SlotsMovedDocument, slotSource } from './slot-source.js';

/** A task may ring every second: its ledger is not read more often than this. */
const ASK_EVERY_MS = 2_000;

/**
 * The ledger, read again when a run of the task has moved on, and now and then besides: a slot that
 * was skipped or missed has no run that could tell.
 */
export function useSlots(taskId: string, search: SlotsSearch): LiveListView<SlotRow> {
  const key = JSON.stringify(search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the search
  const source = useMemo(() => slotSource(taskId, search), [taskId, key]);
  const view = useLiveList(source);
  const asleep = useAsleep();
  const variables = { taskId };
  const [told] = useSubscription({ query: SlotsMovedDocument, variables, pause: asleep });
  const { retry } = view;
  const planned = useRef<() => void>(undefined);

  useEffect(() => {
    if (!told.data) return;
    planned.current ??= after(ASK_EVERY_MS, () => {
      planned.current = undefined;
      retry();
    });
  }, [told.data, retry]);
  useEffect(
    () => () => {
      planned.current?.();
      planned.current = undefined;
    },
    [],
  );
  useEffect(() => (asleep ? undefined : every(POLL_EVERY_MS, retry)), [asleep, retry]);
  return view;
}
