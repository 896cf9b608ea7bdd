import { describe, expect, test } from '@jest/globals';
import { nextSlot } from './next-slot.js';
import { type DstPolicy, type Timing } from './timing.js';

const cron = (expression: string, zone = 'UTC', dst: DstPolicy = 'vixie'): Timing => ({
  kind: 'cron',
  expression,
  zone,
  dst,
});

describe('next slot', () => {
  test('is strictly after the instant asked from', () => {
    const at = Date.parse('2026-05-01T09:00:00Z');
    expect(nextSlot(cron('0 9 * * *'), at - 1)?.dueAtMs).toBe(at);
    expect(nextSlot(cron('0 9 * * *'), at)?.dueAtMs).toBe(at + 86_400_000);
  });

  test('finds 29 February on a Sunday forty years ahead, and nothing beyond the horizon', () => {
    const from = Date.parse('2088-03-01T00:00:00Z');
    expect(nextSlot(cron('0 0 29 2 +SUN'), from)?.local).toBe('2128-02-29T00:00:00');
    expect(nextSlot(cron('30 2 8-14 3 +SUN', 'America/New_York', 'skip'), from)).toBeUndefined();
  });
});
