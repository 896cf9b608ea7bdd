import { metrics } from '@opentelemetry/api';
import { tick } from '#libs/contracts';

/** Bounds of the lateness histogram in ms: fine where the promise is, coarse where it is broken. */
const LATENESS_BOUNDS_MS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 60_000];

export interface TickMetrics {
  decided(slots: readonly tick.Slot[], nowMs: number): void;
  /** Enabled schedules without a planned next slot: more than 0 is an alarm. */
  unplanned(shard: number, count: number): void;
}

export function tickMetrics(): TickMetrics {
  const meter = metrics.getMeter('carillon');
  const slotsDecided = meter.createCounter('carillon_slots_decided', {
    description: 'Slots decided, by outcome.',
  });
  const lateness = meter.createHistogram('carillon_tick_lateness_ms', {
    description: 'From the nominal instant of a fired slot to its stored decision.',
    unit: 'ms',
    advice: { explicitBucketBoundaries: LATENESS_BOUNDS_MS },
  });
  const unplanned = meter.createGauge('carillon_schedules_unplanned', {
    description: 'Enabled schedules that have no next slot planned; 0 unless something is broken.',
  });
  return {
    unplanned: (shard, count) => unplanned.record(count, { shard }),
    decided: (slots, nowMs) => {
      const byOutcome = new Map<tick.SlotOutcome, number>();
      for (const { outcome, cause, dueAtMs } of slots) {
        byOutcome.set(outcome, (byOutcome.get(outcome) ?? 0) + 1);
        if (cause === tick.SlotCause.DUE) lateness.record(nowMs - dueAtMs);
      }
      for (const [outcome, count] of byOutcome)
        slotsDecided.add(count, { outcome: tick.SlotOutcome[outcome].toLowerCase() });
    },
  };
}
