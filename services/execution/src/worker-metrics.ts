import { metrics } from '@opentelemetry/api';
import { attempt as a } from '#libs/contracts';
import type { RunningAttempts } from './running-attempts.js';
import type { Tier } from './sandbox/isolation.js';

export interface WorkerMetrics {
  ended(pool: string, end: a.AttemptEnded, tookMs: number): void;
  linesDropped(count: number): void;
  handedBack(why: string): void;
}

/** What a worker counts. Slots are looked up when somebody asks. */
export function workerMetrics(
  running: RunningAttempts,
  tier: () => Tier | undefined,
): WorkerMetrics & { stop(): void } {
  const meter = metrics.getMeter('carillon');
  const ended = meter.createCounter('carillon_attempts_ended', {
    description: 'Attempts that this worker ended, by pool and outcome.',
  });
  const duration = meter.createHistogram('carillon_attempt_duration_ms', {
    description: 'From the offer to the end of an attempt, by pool.',
    unit: 'ms',
  });
  const dropped = meter.createCounter('carillon_log_lines_dropped', {
    description: 'Lines of attempts that were not kept.',
  });
  const handedBack = meter.createCounter('carillon_offers_handed_back', {
    description: 'Offers that were given back without having been begun, by why.',
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
  const isolation = meter.createObservableGauge('carillon_worker_isolation', {
    description: 'What holds programs on this worker: 1 for its tier (none, limits, sandbox).',
  });
  const observeTier: Parameters<typeof isolation.addCallback>[0] = (result) => {
    const held = tier();
    if (held !== undefined) result.observe(1, { tier: held });
  };
  isolation.addCallback(observeTier);
  return {
    ended: (pool, end, tookMs) => {
      ended.add(1, { pool, outcome: a.AttemptOutcome[end.outcome] ?? '' });
      duration.record(tookMs, { pool });
    },
    linesDropped: (count) => dropped.add(count),
    handedBack: (why) => handedBack.add(1, { why }),
    stop: () => {
      slots.removeCallback(observe);
      isolation.removeCallback(observeTier);
    },
  };
}
