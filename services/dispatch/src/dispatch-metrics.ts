import { metrics } from '@opentelemetry/api';
import type { DecidedEvent } from '#libs/domain';

export interface DispatchMetrics {
  committed(events: readonly DecidedEvent[], bytes: number): void;
  snapshotKept(
    shard: number,
    kept: { readonly takenAtMs: number; readonly bytes: number; readonly ms: number },
  ): void;
  /** The shard goes on from one that was taken then. */
  snapshotRead(shard: number, takenAtMs: number): void;
}

export function dispatchMetrics(now: () => number): DispatchMetrics {
  const meter = metrics.getMeter('carillon');
  const decided = meter.createCounter('carillon_dispatch_events', {
    description: 'Events of the dispatch journals, by type.',
  });
  const commits = meter.createCounter('carillon_dispatch_commits', {
    description: 'Commits of the dispatch journals.',
  });
  const written = meter.createCounter('carillon_dispatch_bytes', {
    description: 'Bytes of the dispatch journals.',
    unit: 'By',
  });
  const snapshotBytes = meter.createHistogram('carillon_dispatch_snapshot_bytes', {
    description: 'Size of each snapshot, as it is kept.',
    unit: 'By',
  });
  const snapshotMs = meter.createHistogram('carillon_dispatch_snapshot_duration', {
    description: 'From taking a snapshot to having it in the store.',
    unit: 'ms',
  });
  const takenAtMs = new Map<number, number>();
  meter
    .createObservableGauge('carillon_dispatch_snapshot_age', {
      description: 'Age of the newest snapshot of a shard that this process kept or began from.',
      unit: 's',
    })
    .addCallback((result) => {
      for (const [shard, at] of takenAtMs) result.observe((now() - at) / 1_000, { shard });
    });
  return {
    snapshotKept: (shard, kept) => {
      takenAtMs.set(shard, kept.takenAtMs);
      snapshotBytes.record(kept.bytes, { shard });
      snapshotMs.record(kept.ms, { shard });
    },
    snapshotRead: (shard, atMs) => {
      takenAtMs.set(shard, atMs);
    },
    committed: (events, bytes) => {
      commits.add(1);
      written.add(bytes);
      const counts = new Map<string, number>();
      for (const { event } of events)
        counts.set(event.$typeName, (counts.get(event.$typeName) ?? 0) + 1);
      for (const [name, count] of counts)
        decided.add(count, { type: name.slice(name.lastIndexOf('.') + 1) });
    },
  };
}
