import { expect, test } from '@jest/globals';
import { HELD_SLOTS_MAX } from '../limits.js';
import { type HeldRequest, heldBy } from './held-slots.js';

const NOON = Date.UTC(2026, 2, 1, 12);
const HOUR = 3_600_000;
const row = (id: string, cron: string, rest: object = {}) =>
  ({
    account: 'default',
    id,
    task_id: `task-${id}`,
    taskName: `Task ${id}`,
    place: 0,
    cron,
    zone: 'UTC',
    dst: 'vixie',
    enabled: true,
    revision: 1,
    name: '',
    timing: null,
    policies: {},
    calendars: [],
    parameters: null,
    since: null,
    ...rest,
  }) as HeldRequest['schedules'][number];
const held = (schedules: HeldRequest['schedules'], rest: Partial<HeldRequest> = {}) =>
  heldBy({
    schedules,
    calendars: [],
    fromMs: NOON,
    untilMs: NOON + 2 * HOUR,
    aftermath: 'latest',
    ...rest,
  });

test('counts the slots from its beginning up to its end, and lists the first of all schedules', () => {
  const told = held([row('a', '*/30 * * * *'), row('b', '15 13 * * *')], { limit: 3 });
  expect(told).toMatchObject({ heldCount: 5, countIsExact: true, runsAfter: 2 });
  expect(told.first[0]).toMatchObject({ account: 'default', taskName: 'Task a' });
  expect(told.first.map(({ scheduleId, local }) => [scheduleId, local.slice(11, 16)])).toEqual([
    ['a', '12:00'],
    ['a', '12:30'],
    ['a', '13:00'],
  ]);
});

test.each([
  ['skip', 0],
  ['latest', 1],
  ['all', 4],
] as const)('with %s, %i of them run when it ends', (aftermath, runsAfter) => {
  expect(held([row('a', '*/30 * * * *')], { aftermath }).runsAfter).toBe(runsAfter);
});

test('one without an end is looked at for a week', () => {
  const told = held([row('a', '0 9 * * *')], { untilMs: undefined });
  expect(told).toMatchObject({ heldCount: 7, lookedUntil: new Date('2026-03-08T12:00:00Z') });
});

test('what a calendar skips anyway is not held by it', () => {
  const uses = { calendars: [{ calendarId: 'c', role: 'exclude', action: 'skip' }] };
  const closed = { dates: [{ from: '2026-03-01', to: '2026-03-01' }], hours: [], times: [] };
  const calendars = [
    { id: 'c', name: 'c', version: 1, days: closed },
  ] as unknown as HeldRequest['calendars'];
  expect(held([row('a', '0 * * * *', uses)], { calendars }).heldCount).toBe(0);
});

test('more than can be counted is said to be more', () => {
  const often = row('a', '* * * * * *');
  const told = held([often], { untilMs: NOON + 40 * HOUR });
  expect(told).toMatchObject({ heldCount: HELD_SLOTS_MAX, countIsExact: false });
});
