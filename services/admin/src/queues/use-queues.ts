import { useEffect, useState } from 'react';
import { every } from '../clock.js';
import { useAsleep } from '../graphql/connection.js';
import type { ResultOf } from '../graphql/graphql.js';
import { type LiveQuery, useLiveQuery } from '../graphql/use-live-query.js';
import { type Sample, withSample } from './drain.js';
import { QueuesDocument } from './queue-documents.js';

const ASK_EVERY_MS = 2_000;
const TYPES = ['Pool', 'Queue', 'CapacityDeleted'] as const;
const NONE: ReadonlyMap<string, readonly Sample[]> = new Map();

interface QueuesView extends LiveQuery<ResultOf<typeof QueuesDocument>> {
  /** What the page has seen of each pool. */
  samples: ReadonlyMap<string, readonly Sample[]>;
}

/** Nobody pushes a depth: it is asked for while somebody looks. */
export function useQueues(): QueuesView {
  const query = useLiveQuery(QueuesDocument, {}, { types: TYPES });
  const [samples, setSamples] = useState(NONE);
  const asleep = useAsleep();
  const { data, retry } = query;
  useEffect(() => (asleep ? undefined : every(ASK_EVERY_MS, retry)), [asleep, retry]);
  const told = data?.queues;
  useEffect(() => {
    if (!told) return;
    const atMs = Date.parse(told.asOf);
    setSamples(
      (known) =>
        new Map(
          told.queues.map(({ pool, depth }) => [
            pool,
            withSample(known.get(pool) ?? [], { atMs, depth }),
          ]),
        ),
    );
  }, [told]);
  return { ...query, samples };
}
