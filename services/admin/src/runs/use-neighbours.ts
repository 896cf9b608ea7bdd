import { useEffect, useState } from 'react';
import { parseSearch } from '../app/search.js';
import { runsSearch } from '../app/searches.js';
import { idsKept } from '../live/use-live-list.js';
import { runSource } from './run-source.js';

export interface Neighbours {
  previous: string | undefined;
  next: string | undefined;
}

const neighboursIn = (ids: readonly string[], id: string): Neighbours | undefined => {
  const place = ids.indexOf(id);
  return place < 0 ? undefined : { previous: ids[place - 1], next: ids[place + 1] };
};

/**
 * The runs before and after this one in the list that it was opened from: as the list stood when it
 * was left, or as its first page is now. Opened from nowhere, a run has no neighbours.
 */
export function useNeighbours(id: string, from: string | undefined): Neighbours | undefined {
  const [read, setRead] = useState<readonly string[]>([]);
  const source = from === undefined ? undefined : runSource(runsSearch(parseSearch(from)));
  const kept = source && neighboursIn(idsKept(source.key), id);
  const isUnknown = source !== undefined && kept === undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the source is made of `from`
  useEffect(() => {
    if (!isUnknown) return;
    void source?.load(undefined).then((result) => {
      if ('page' in result) setRead(result.page.rows.map((row) => row.id));
    });
  }, [from, isUnknown]);
  return source && (kept ?? neighboursIn(read, id));
}
