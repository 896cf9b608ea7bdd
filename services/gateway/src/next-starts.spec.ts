import { describe, expect, test } from '@jest/globals';
import { nextStartsOf, nextStartsOfAll } from './next-starts.js';
import { type CalendarRow } from './queries/calendars.js';
import { completeSchedule } from './schedule-definition.js';

const NOON = Date.UTC(2026, 2, 1, 12);
const MINUTE = 60_000;
const every = (minutes: number, enabled = true) =>
  completeSchedule({ cron: `*/${minutes} * * * *`, timezone: 'UTC', enabled });
const isoOf = (instants: number[]) => instants.map((ms) => new Date(ms).toISOString().slice(0, 16));

test('the next starts of a task are those of all its schedules, each instant once', () => {
  const next = nextStartsOfAll([every(20), every(30), every(1, false)], [], NOON, 4);
  expect(next.map((ms) => (ms - NOON) / MINUTE)).toEqual([20, 30, 40, 60]);
});

test('a schedule that this build cannot read hides no other', () => {
  const strange = completeSchedule({ cron: 'whenever', timezone: 'UTC' });
  expect(nextStartsOfAll([strange, every(30)], [], NOON, 1)).toEqual([NOON + 30 * MINUTE]);
});

describe('a calendar', () => {
  const closed = (from: string, to: string) =>
    ({
      id: 'c',
      name: 'c',
      version: 1,
      days: { dates: [{ from, to }], hours: [], times: [] },
    }) as unknown as CalendarRow;
  const daily = (action: 'skip' | 'at_end') =>
    completeSchedule({
      cron: '0 9 * * *',
      timezone: 'UTC',
      calendars: [{ calendarId: 'c', action }],
    });

  test('takes out what it skips', () => {
    const next = nextStartsOf(daily('skip'), [closed('2026-03-02', '2026-03-03')], NOON, 2);
    expect(isoOf(next)).toEqual(['2026-03-04T09:00', '2026-03-05T09:00']);
  });

  test('puts what it moves where it moves it to', () => {
    const next = nextStartsOf(daily('at_end'), [closed('2026-03-02', '2026-03-02')], NOON, 2);
    expect(isoOf(next)).toEqual(['2026-03-03T00:00', '2026-03-03T09:00']);
  });

  test('that allows nothing for ever ends the search', () => {
    const always = closed('1970-01-01', '2199-12-31');
    expect(nextStartsOf(daily('skip'), [always], NOON, 1)).toEqual([]);
  });

  test('that nobody has stands in no way', () => {
    expect(isoOf(nextStartsOf(daily('skip'), [], NOON, 1))).toEqual(['2026-03-02T09:00']);
  });
});
