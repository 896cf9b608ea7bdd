import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '#libs/clock';
import { type HourRow } from '../queries/dashboard.js';
import { today } from './dashboard.js';
import { endable, mapped, Wake } from './wake.js';

describe('an iterator that waits for ever', () => {
  test('ends at once when its reader leaves, and cleans up', async () => {
    let cleaned = false;
    const iterator = endable<number>(async function* (signal) {
      try {
        yield 1;
        await new Wake().wait(signal);
      } finally {
        cleaned = true;
      }
    });
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    const waiting = iterator.next();
    await iterator.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(cleaned).toBe(true);
  });

  test('passes its end through a mapping', async () => {
    const doubled = mapped(
      endable<number>(async function* () {
        yield 2;
      }),
      (value) => value * 2,
    );
    const values: number[] = [];
    for await (const value of doubled) values.push(value);
    expect(values).toEqual([4]);
  });
});

describe('a loop that sleeps until something happens', () => {
  const signal = new AbortController().signal;

  test('does not sleep when it happened just before', async () => {
    const wake = new Wake();
    wake.notify();
    await wake.wait(signal);
  });

  test('wakes at its limit', async () => {
    const clock = new ManualClock(0);
    const waiting = new Wake().wait(signal, { clock, ms: 50 });
    clock.advance(50);
    await waiting;
  });
});

describe("today's figures", () => {
  const hour = (at: string, counts: Partial<HourRow>): HourRow => ({
    hour: new Date(at),
    success: 0,
    failed: 0,
    timeout: 0,
    cancelled: 0,
    ...counts,
  });
  const now = Date.UTC(2026, 0, 2, 5);

  test('leave out yesterday, and judge neither cancelled runs nor an empty day', () => {
    const yesterday = hour('2026-01-01T23:00:00Z', { failed: 9 });
    expect(today([yesterday], now)).toEqual({ todayExecutions: 0, todaySuccessRate: null });
    const hours = [
      yesterday,
      hour('2026-01-02T00:00:00Z', { success: 2, cancelled: 1 }),
      hour('2026-01-02T05:00:00Z', { success: 1, timeout: 1 }),
    ];
    expect(today(hours, now)).toEqual({ todayExecutions: 5, todaySuccessRate: 0.75 });
  });
});
