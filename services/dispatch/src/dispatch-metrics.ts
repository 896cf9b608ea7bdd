import { metrics } from '@opentelemetry/api';
import type { DecidedEvent } from '#libs/domain';

export interface DispatchMetrics {
  committed(events: readonly DecidedEvent[], bytes: number): void;
}

export function dispatchMetrics(): DispatchMetrics {
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
  return {
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
