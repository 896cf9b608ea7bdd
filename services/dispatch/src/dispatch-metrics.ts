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
      for (const { event } of events)
        decided.add(1, { type: event.$typeName.slice(event.$typeName.lastIndexOf('.') + 1) });
    },
  };
}
