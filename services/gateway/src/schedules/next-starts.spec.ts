import { describe, expect, test } from '@jest/globals';
import { type CalendarRow } from '../queries/calendars.js';
import { type MaintenanceRow } from '../queries/maintenance.js';
import { planAround, type Surroundings } from './judge-slots.js';
import { aheadOf, nextStartsOfAll, type StartingSchedule, slotsAhead } from './next-starts.js';
import { completeSchedule } from './schedule-definition.js';

const NOON = Date.UTC(2026, 2, 1, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const every = (minutes: number, enabled = true) =>
  completeSchedule({ cron: `*/${minutes} * * * *`, timezone: 'UTC', enabled });
const isoOf = (instants: number[]) => instants.map((ms) => new Date(ms).toISOString().slice(0, 16));

const NOTHING: Surroundings = { calendars: [], maintenances: [] };
const ahead = (schedules: readonly StartingSchedule[], around = NOTHING, paused = false) =>
  aheadOf({ schedules, paused }, planAround(around), NOON);
const next = (schedules: readonly StartingSchedule[], count: number, around = NOTHING) =>
  nextStartsOfAll(ahead(schedules, around), NOON, count);

test('the next starts of a task are those of all its schedules, each instant once', () => {
  const starts = next([every(20), every(30), every(1, false)], 4);
  expect(starts.map((ms) => (ms - NOON) / MINUTE)).toEqual([20, 30, 40, 60]);
});

test('a schedule that this build cannot read hides no other', () => {
  const strange = completeSchedule({ cron: 'whenever', timezone: 'UTC' });
  expect(next([strange, every(30)], 1)).toEqual([NOON + 30 * MINUTE]);
});

test('a paused task starts nothing, and each of its slots says so', () => {
  const paused = ahead([{ ...every(30), id: 's' }], NOTHING, true);
  expect(nextStartsOfAll(paused, NOON, 1)).toEqual([]);
  expect(slotsAhead(paused, 's', NOON, 1)).toMatchObject([
    { verdict: 'skipped', cause: 'task_paused', local: '2026-03-01T12:30:00' },
  ]);
});

test('of two schedules at one instant the one runs for both', () => {
  const both = ahead([
    { ...every(30), id: 'a' },
    { ...every(60), id: 'b' },
  ]);
  expect(slotsAhead(both, 'b', NOON, 1)).toMatchObject([
    { verdict: 'skipped', cause: 'merged', mergedInto: 'a' },
  ]);
  expect(nextStartsOfAll(both, NOON, 3)).toEqual([30, 60, 90].map((at) => NOON + at * MINUTE));
});

test('the effective instant stands beside the nominal one', () => {
  const spread = {
    ...completeSchedule({ cron: '0 * * * *', timezone: 'UTC', spread: '40m' }),
    id: 's',
  };
  const [slot] = slotsAhead(ahead([spread]), 's', NOON, 1);
  expect(slot?.dueAtMs).toBe(NOON + HOUR);
  expect(slot?.effectiveAtMs).toBeGreaterThan(NOON + HOUR);
  // What was due at noon has yet to start: the spread is the schedule's own.
  const since = { ...spread, sinceMs: NOON - HOUR };
  expect(next([since], 1)).toEqual([(slot?.effectiveAtMs ?? 0) - HOUR]);
});

describe('a maintenance', () => {
  const held = (aftermath: string, hours: number | null, account = 'default') =>
    ({
      account,
      id: 'm',
      from_at: new Date(NOON + HOUR / 2),
      until_at: hours === null ? null : new Date(NOON + hours * HOUR),
      ended_at: null,
      aftermath,
    }) as MaintenanceRow;
  const hourly = { ...every(60), id: 's' };
  const told = (row: MaintenanceRow) =>
    slotsAhead(ahead([hourly], { ...NOTHING, maintenances: [row] }), 's', NOON, 3).map(
      ({ verdict, cause, startsAtMs }) => [
        verdict,
        cause,
        startsAtMs === undefined ? null : (startsAtMs - NOON) / HOUR,
      ],
    );

  test('that skips takes its slots out, and says so', () => {
    expect(told(held('skip', 2.5))).toEqual([
      ['skipped', 'maintenance', null],
      ['skipped', 'maintenance', null],
      ['runs', '', 3],
    ]);
  });

  test.each(['default', '$system'])('of %s that holds them tells when they start', (account) => {
    expect(told(held('latest', 2.5, account))).toEqual([
      ['held', 'maintenance', null],
      ['held', 'maintenance', 2.5],
      ['runs', '', 3],
    ]);
  });

  test('without an end tells no start', () => {
    const row = held('all', null);
    expect(told(row)[0]).toEqual(['held', 'maintenance', null]);
    expect(next([hourly], 1, { ...NOTHING, maintenances: [row] })).toEqual([]);
  });
});

describe('a calendar', () => {
  const closed = (from: string, to: string): Surroundings => ({
    maintenances: [],
    calendars: [
      { id: 'c', name: 'c', version: 1, days: { dates: [{ from, to }], hours: [], times: [] } },
    ] as unknown as CalendarRow[],
  });
  const daily = (action: 'skip' | 'at_end') => [
    completeSchedule({
      cron: '0 9 * * *',
      timezone: 'UTC',
      calendars: [{ calendarId: 'c', action }],
    }),
  ];

  test('takes out what it skips', () => {
    const starts = next(daily('skip'), 2, closed('2026-03-02', '2026-03-03'));
    expect(isoOf(starts)).toEqual(['2026-03-04T09:00', '2026-03-05T09:00']);
  });

  test('puts what it moves where it moves it to', () => {
    const starts = next(daily('at_end'), 2, closed('2026-03-02', '2026-03-02'));
    expect(isoOf(starts)).toEqual(['2026-03-03T00:00', '2026-03-03T09:00']);
  });

  test('that allows nothing for ever ends the search', () => {
    expect(next(daily('skip'), 1, closed('1970-01-01', '2199-12-31'))).toEqual([]);
  });

  test('that nobody has stands in no way', () => {
    expect(isoOf(next(daily('skip'), 1))).toEqual(['2026-03-02T09:00']);
  });
});
