import { describe, expect, test } from '@jest/globals';
import { descriptionOf, nextRunsOf } from './schedule-times.js';

const NOON = Date.UTC(2026, 2, 1, 12);
const MINUTE = 60_000;
const rings = (timing: object, rest: object = {}) =>
  ({ timing, zone: 'UTC', dst: 'vixie', enabled: true, ...rest }) as Parameters<
    typeof nextRunsOf
  >[0];
const minutesOf = (instants: number[]) => instants.map((ms) => (ms - NOON) / MINUTE);

test('a schedule that this build cannot read has no next run', () => {
  const strange = rings({ cron: 'whenever' });
  expect(nextRunsOf(strange, NOON, 1)).toEqual([]);
  expect(descriptionOf(strange)).toBe('whenever');
});

test('a schedule that is off has no next run', () => {
  expect(nextRunsOf(rings({ cron: '* * * * *' }, { enabled: false }), NOON, 1)).toEqual([]);
});

describe('a schedule that rings otherwise than by cron', () => {
  test('counts an interval from its anchor', () => {
    const anchor = new Date(NOON + 2 * MINUTE).toISOString();
    const next = nextRunsOf(rings({ every: 5 * MINUTE, anchor }), NOON, 2);
    expect(minutesOf(next)).toEqual([2, 7]);
  });

  test('rings once at an instant, and never after it', () => {
    const once = rings({ at: new Date(NOON + MINUTE).toISOString() });
    expect(minutesOf(nextRunsOf(once, NOON, 3))).toEqual([1]);
    expect(nextRunsOf(once, NOON + MINUTE, 3)).toEqual([]);
  });

  test('follows a recurrence rule from its start', () => {
    const rule = rings({ rrule: 'FREQ=DAILY;BYHOUR=13', start: '2026-03-01T13:00:00' });
    expect(minutesOf(nextRunsOf(rule, NOON, 2))).toEqual([60, 60 + 24 * 60]);
  });
});

describe('bounds of a schedule', () => {
  test('leave out what is before `from` and after `until`, both included', () => {
    const bounds = {
      from: new Date(NOON + 20 * MINUTE).toISOString(),
      until: new Date(NOON + 30 * MINUTE).toISOString(),
    };
    const next = nextRunsOf(rings({ cron: '*/10 * * * *' }, bounds), NOON, 9);
    expect(minutesOf(next)).toEqual([20, 30]);
  });

  test('count the runs from when the definition came into force', () => {
    const limited = rings({ cron: '*/10 * * * *' }, { maxRuns: 3, sinceMs: NOON - 10 * MINUTE });
    expect(minutesOf(nextRunsOf(limited, NOON, 9))).toEqual([10, 20]);
  });
});
