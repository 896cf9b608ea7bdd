import { useEffect, useMemo, useRef } from 'react';
import { useSubscription } from 'urql';
import type { SlotsSearch } from '../app/searches.js';
import { after } from '../clock.js';
import { useAsleep } from '../graphql/connection.js';
import { type LiveListView, useLiveList } from '../live/use-live-list.js';
import {
  RunsOfSlotsDocument,
  type SlotRow,
  SlotsChangedDocument,
  slotSource,
} from './slot-source.js';

/** A task may ring every second: its ledger is not read more often than this. */
const ASK_EVERY_MS = 2_000;

/** The ledger, read again when slots of the task were decided, or their runs have moved on. */
export function useSlots(taskId: string, search: SlotsSearch): LiveListView<SlotRow> {
  const key = JSON.stringify(search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the search
  const source = useMemo(() => slotSource(taskId, search), [taskId, key]);
  const view = useLiveList(source);
  const asleep = useAsleep();
  const variables = { taskId };
  const [slots] = useSubscription({ query: SlotsChangedDocument, variables, pause: asleep });
  const [runs] = useSubscription({ query: RunsOfSlotsDocument, variables, pause: asleep });
  const told = slots.data;
  const moved = runs.data;
  const { retry } = view;
  const planned = useRef<() => void>(undefined);

  useEffect(() => {
    if (!told && !moved) return;
    planned.current ??= after(ASK_EVERY_MS, () => {
      planned.current = undefined;
      retry();
    });
  }, [told, moved, retry]);
  useEffect(
    () => () => {
      planned.current?.();
      planned.current = undefined;
    },
    [],
  );
  return view;
}
