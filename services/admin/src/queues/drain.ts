/**
 * How a queue has moved while somebody looked, and when it will be empty if it goes on so. Told
 * from what the page itself has seen: the gateway counts what waits, not how fast it goes. Pure.
 */
export interface Sample {
  atMs: number;
  depth: number;
}

export const MAX_SAMPLES = 60;
/** Changes may be told twice a second: all but the newest readings are at least this far apart. */
const APART_MS = 2_000;
/** Two readings in a row say nothing of a pace. */
const LEAST_MS = 8_000;
/** A queue that would take longer than this does not drain. */
const NEVER_MS = 48 * 3_600_000;

export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last && sample.atMs <= last.atMs) return samples;
  const before = samples.at(-2);
  const kept = before && sample.atMs - before.atMs < APART_MS ? samples.slice(0, -1) : samples;
  return [...kept, sample].slice(-MAX_SAMPLES);
}

export type Drain =
  | { kind: 'empty' }
  | { kind: 'unknown' }
  | { kind: 'growing' }
  | { kind: 'steady' }
  | { kind: 'drains'; inMs: number };

export function drainOf(samples: readonly Sample[]): Drain {
  const last = samples.at(-1);
  const first = samples[0];
  if (!last || !first) return { kind: 'unknown' };
  if (last.depth === 0) return { kind: 'empty' };
  const spanMs = last.atMs - first.atMs;
  if (spanMs < LEAST_MS) return { kind: 'unknown' };
  const perMs = (first.depth - last.depth) / spanMs;
  if (perMs < 0) return { kind: 'growing' };
  const inMs = perMs === 0 ? Number.POSITIVE_INFINITY : last.depth / perMs;
  return inMs > NEVER_MS ? { kind: 'steady' } : { kind: 'drains', inMs };
}
