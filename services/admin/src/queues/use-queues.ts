import { useEffect, useState } from 'react';
import { type CombinedError, useSubscription } from 'urql';
import { every } from '../clock.js';
import { useAsleep } from '../graphql/connection.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { useLatest } from '../live/use-latest.js';
import { type Sample, withSample } from './drain.js';
import {
  type Pool,
  PoolsChangedDocument,
  type Queues,
  QueuesChangedDocument,
  QueuesDocument,
} from './queue-documents.js';

/** The page is told of each change; it asks as well, for one whose telling was lost. */
export const ASK_EVERY_MS = 15_000;
const TYPES = ['Pool', 'Queue', 'CapacityDeleted'] as const;
const NONE: ReadonlyMap<string, readonly Sample[]> = new Map();

interface QueuesView {
  queues: Queues | undefined;
  pools: readonly Pool[] | undefined;
  error: CombinedError | undefined;
  retry: () => void;
  /** What the page has seen of each pool. */
  samples: ReadonlyMap<string, readonly Sample[]>;
}

/** What waits, and the pools it waits in: asked once, then told. */
export function useQueues(): QueuesView {
  const { data, error, retry } = useLiveQuery(QueuesDocument, {}, { types: TYPES });
  const asleep = useAsleep();
  const [queuesTold] = useSubscription({ query: QueuesChangedDocument, pause: asleep });
  const [poolsTold] = useSubscription({ query: PoolsChangedDocument, pause: asleep });
  useEffect(() => (asleep ? undefined : every(ASK_EVERY_MS, retry)), [asleep, retry]);
  const queues = useLatest(data?.queues, queuesTold.data?.queuesChanged);
  const pools = useLatest(data?.pools, poolsTold.data?.poolsChanged);
  const [samples, setSamples] = useState(NONE);
  useEffect(() => {
    if (!queues) return;
    const atMs = Date.parse(queues.asOf);
    setSamples(
      (known) =>
        new Map(
          queues.queues.map(({ pool, depth }) => [
            pool,
            withSample(known.get(pool) ?? [], { atMs, depth }),
          ]),
        ),
    );
  }, [queues]);
  return { queues, pools, error, retry, samples };
}
