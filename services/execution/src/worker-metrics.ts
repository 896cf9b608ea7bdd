import { metrics } from '@opentelemetry/api';
import { attempt as a } from '#libs/contracts';
import type { RunningAttempts } from './running-attempts.js';

export interface WorkerMetrics {
  ended(pool: string, end: a.AttemptEnded, tookMs: number): void;
  linesDropped(count: number): void;
  offersStalled(pool: string): void;
}

/** What a worker counts. Slots are looked up when somebody asks. */
export function workerMetrics(running: RunningAttempts): WorkerMetrics & { stop(): void } {
  const meter = metrics.getMeter('carillon');
  const ended = meter.createCounter('carillon_attempts_ended', {
    description: 'Attempts that this worker ended, by pool and outcome.',
  });
  const duration = meter.createHistogram('carillon_attempt_duration_ms', {
    description: 'From claim to end of an attempt, by pool.',
    unit: 'ms',
  });
  const dropped = meter.createCounter('carillon_log_lines_dropped', {
    description: 'Lines of attempts that were not kept.',
  });
  const stalled = meter.createCounter('carillon_offers_stalled', {
    description: 'How often offers had to be asked for anew, by pool.',
  });
  const slots = meter.createObservableGauge('carillon_worker_slots', {
    description: 'Slots of this worker, by pool and whether they are free.',
  });
  const observe: Parameters<typeof slots.addCallback>[0] = (result) => {
    for (const { pool, slots: all, free } of running.pools()) {
      result.observe(free, { pool, state: 'free' });
      result.observe(all - free, { pool, state: 'taken' });
    }
  };
  slots.addCallback(observe);
  return {
    ended: (pool, end, tookMs) => {
      ended.add(1, { pool, outcome: a.AttemptOutcome[end.outcome] ?? '' });
      duration.record(tookMs, { pool });
    },
    linesDropped: (count) => dropped.add(count),
    offersStalled: (pool) => stalled.add(1, { pool }),
    stop: () => slots.removeCallback(observe),
  };
}
