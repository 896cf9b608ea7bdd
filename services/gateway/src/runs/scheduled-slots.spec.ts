import { describe, expect, test } from '@jest/globals';
import { slotsBetween } from '#libs/cron';
import { type CalendarVersionRow } from '../queries/calendars.js';
import { type MaintenanceRow } from '../queries/maintenance.js';
import { completeSchedule } from '../schedules/schedule-definition.js';
import { timingOf } from '../schedules/schedule-times.js';
import { type KnownSchedule } from '../tasks/task-of-rows.js';
import { type Past, whyNotScheduled } from './scheduled-slots.js';

const day = (date: number, hour = 0) => new Date(Date.UTC(2026, 2, date, hour));
const NOTHING: Past = { versions: [], calendars: [], calendarVersions: [], maintenances: [] };

/** Of the slots at nine from the 2nd to the 7th: those that would not have fired. */
function leftOut(more: object, past: Partial<Past> = {}): string[] {
  const input = { cron: '0 9 * * *', timezone: 'UTC', ...more };
  const schedule: KnownSchedule = { ...completeSchedule(input), id: 's', revision: 1 };
  const timing = timingOf(schedule);
  if (timing === undefined) throw new Error('no timing');
  const whyNot = whyNotScheduled(schedule, timing, { ...NOTHING, ...past });
  const { slots } = slotsBetween(timing, day(2).getTime(), day(8).getTime(), 10);
  return slots.flatMap((slot) => {
    const why = whyNot(slot);
    return why === undefined ? [] : [`${Number(slot.local.slice(8, 10))} ${why}`];
  });
}

test('without anything around it every slot would have fired', () => {
  expect(leftOut({})).toEqual([]);
});

test('slots before the beginning and after the end are out of bounds', () => {
  const bounds = { from: '2026-03-04T00:00:00Z', until: '2026-03-06T12:00:00Z' };
  expect(leftOut(bounds)).toEqual(['2 outOfBounds', '3 outOfBounds', '7 outOfBounds']);
});

test('slots after the last of its runs are out of bounds', () => {
  const since = { from: '2026-03-03T00:00:00Z', maxRuns: 3 };
  expect(leftOut(since)).toEqual(['2 outOfBounds', '6 outOfBounds', '7 outOfBounds']);
});

test('slots of a time in which the task or the schedule was paused are told as paused', () => {
  const definition = (enabled: boolean) => completeSchedule({ cron: '0 9 * * *', enabled });
  const version = (from: number, until: number | null, task_paused: boolean, enabled: boolean) => ({
    valid_from: day(from),
    valid_until: until === null ? null : day(until),
    task_paused,
    definition: definition(enabled),
  });
  const versions = [
    version(1, 3, false, true),
    version(3, 4, true, true),
    version(4, 5, false, false),
    version(5, null, false, true),
  ];
  expect(leftOut({}, { versions })).toEqual(['3 paused', '4 paused']);
});

describe('a maintenance', () => {
  const held = (aftermath: string, account: string) =>
    ({
      account,
      id: 'm',
      from_at: day(4),
      until_at: null,
      ended_at: day(6),
      aftermath,
    }) as MaintenanceRow;

  test('of the account or the system that skipped its slots takes them out', () => {
    for (const account of ['default', '$system'])
      expect(leftOut({}, { maintenances: [held('skip', account)] })).toEqual([
        '4 maintenance',
        '5 maintenance',
      ]);
  });

  test('that held them leaves them in: they were to run afterwards', () => {
    expect(leftOut({}, { maintenances: [held('latest', 'default')] })).toEqual([]);
  });
});

test('a calendar counts in the version that was in force, and no longer once it was deleted', () => {
  const version = (number: number, saved: Date, from: string, to: string) =>
    ({
      calendar_id: 'c',
      version: number,
      name: 'c',
      saved_at: saved,
      days: { dates: [{ from, to }], hours: [], times: [] },
    }) as unknown as CalendarVersionRow;
  const calendarVersions = [
    version(1, day(1), '2026-03-03', '2026-03-04'),
    version(2, day(4), '2026-03-05', '2026-03-31'),
  ];
  const calendars = [{ id: 'c', deleted: true, updated_at: day(7) }];
  const uses = { calendars: [{ calendarId: 'c' }] };
  expect(leftOut(uses, { calendarVersions, calendars })).toEqual([
    '3 calendar',
    '5 calendar',
    '6 calendar',
  ]);
});
