import { describe, expect, test } from '@jest/globals';
import { instantsOfLocal } from './local-time.js';
import { nextSlot } from './next-slot.js';
import { previewTiming } from './preview.js';
import { slotsBetween } from './slots-between.js';
import { type AtTiming, type DstPolicy, InvalidTiming, type Timing } from './timing.js';

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

describe('an interval', () => {
  const every = (everyMs: number, anchorMs: number, zone = 'UTC'): Timing => ({
    kind: 'every',
    everyMs,
    anchorMs,
    zone,
  });

  test('counts from its anchor, also before it', () => {
    const timing = every(90_000, 30_000);
    expect(nextSlot(timing, -1)?.dueAtMs).toBe(30_000);
    expect(nextSlot(timing, 30_000)?.dueAtMs).toBe(120_000);
    expect(nextSlot(every(90_000, 900_030_000), 0)?.dueAtMs).toBe(30_000);
  });

  test('is not moved by a change of the clock, and names the pass of its local time', () => {
    const timing = every(3_600_000, 0, 'America/New_York');
    const { slots } = slotsBetween(
      timing,
      Date.parse('2026-11-01T04:00Z'),
      Date.parse('2026-11-01T07:00Z'),
      9,
    );
    expect(slots.map(({ local, pass }) => `${local.slice(11, 16)}/${pass}`)).toEqual([
      '01:00/0',
      '01:00/1',
      '02:00/0',
    ]);
  });
});

describe('an instant', () => {
  test('comes once', () => {
    const timing: AtTiming = {
      kind: 'at',
      atMs: Date.parse('2026-11-01T06:30:00Z'),
      zone: 'America/New_York',
    };
    const slot = { local: '2026-11-01T01:30:00', pass: 1, dueAtMs: timing.atMs };
    expect(nextSlot(timing, timing.atMs - 1)).toEqual(slot);
    expect(nextSlot(timing, timing.atMs)).toBeUndefined();
  });
});

describe('nothing spins or throws', () => {
  test('outside the years from 1970 to 2199', () => {
    expect(nextSlot(cron('0 9 * * *'), -8e15)?.local).toBe('1970-01-01T09:00:00');
    expect(nextSlot(cron('0 9 * * *', 'Europe/Paris'), Number.NEGATIVE_INFINITY)?.local).toBe(
      '1970-01-01T09:00:00',
    );
    expect(nextSlot(cron('0 9 * * *'), 8e15)).toBeUndefined();
    expect(nextSlot(cron('0 9 * * *', 'Europe/Paris'), Number.POSITIVE_INFINITY)).toBeUndefined();
  });

  test('when a policy leaves no slot in any year', () => {
    const started = performance.now();
    for (let i = 0; i < 1000; i++)
      nextSlot(cron('30 2 8-14 3 +SUN', 'America/New_York', 'skip'), i * 1e9);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('but a timing that never was validated is a bug of the caller', () => {
    expect(() => nextSlot(cron('0 25 * * *'), 0)).toThrow(InvalidTiming);
    expect(() => nextSlot(cron('0 9 * * *', 'Mars/Olympus'), 0)).toThrow(InvalidTiming);
  });
});

test('a slot costs microseconds, also in a zone that changes its clock', () => {
  const started = performance.now();
  let after = 0;
  for (let i = 0; i < 100_000; i++)
    after = nextSlot(cron('*/5 * * * *', 'America/New_York'), after)?.dueAtMs ?? 0;
  // Measured at 0.4 us each; the limit only tells a change of kind.
  expect(performance.now() - started).toBeLessThan(3000);
});

describe('local time', () => {
  test('has no instant in a gap and two in an overlap', () => {
    const at = (local: string) =>
      instantsOfLocal('America/New_York', local)?.map((ms) =>
        new Date(ms).toISOString().slice(8, 16),
      );
    expect(at('2026-03-08T02:30')).toEqual([]);
    expect(at('2026-11-01T01:30')).toEqual(['01T05:30', '01T06:30']);
    expect(at('2026-07-01T01:30:00')).toEqual(['01T05:30']);
    expect(at('2026-02-30')).toBeUndefined();
  });
});

test('a preview tells the next slots with their offset, or every problem', () => {
  const ask = { nowMs: Date.parse('2026-10-31T12:00:00Z'), count: 3 };
  const preview = previewTiming(
    { kind: 'cron', expression: '0 9 * * *', zone: 'Europe/Lisbon' },
    ask,
  );
  expect(preview).toMatchObject({ ok: true, description: 'At 09:00, every day', lints: [] });
  expect(
    preview.ok && preview.next.map(({ local, offset }) => [local.slice(5, 10), offset]),
  ).toEqual([
    ['11-01', 0],
    ['11-02', 0],
    ['11-03', 0],
  ]);
  expect(previewTiming({ kind: 'cron', expression: '0 9 * *' }, ask)).toMatchObject({ ok: false });
});
