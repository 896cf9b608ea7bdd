import { expect, test } from '@jest/globals';
import { CHANGE_SLOTS_MAX } from '../limits.js';
import { previewChange } from './preview-change.js';
import { completeSchedule } from './schedule-definition.js';

const NOON = Date.UTC(2026, 2, 1, 12);
const AROUND = { calendars: [], maintenances: [] };
const schedule = (rest: object) => completeSchedule({ timezone: 'UTC', id: 's-1', ...rest });
const change = (before: object, after: object) =>
  previewChange({ before: schedule(before), after: schedule(after) }, AROUND, NOON);

test('an edit that says the same in other words changes nothing', () => {
  expect(change({ cron: '0 9 * * 1-5' }, { cron: '0 9 * * MON-FRI' })).toMatchObject({
    addedCount: 0,
    removedCount: 0,
    added: [],
    removed: [],
  });
});

test('starts that come and go are counted over 90 days, and the first ones listed', () => {
  const told = change({ cron: '0 9 * * *' }, { cron: '0 9,18 * * 1-5' });
  expect(told).toMatchObject({ addedCount: 65, removedCount: 25, unchangedCount: 65 });
  expect(told.added[0]).toMatchObject({ local: '2026-03-02T18:00:00' });
  expect(told.removed[0]).toMatchObject({ local: '2026-03-07T09:00:00' });
});

test('a schedule that is switched off loses all its starts', () => {
  expect(change({ cron: '0 9 * * *' }, { cron: '0 9 * * *', enabled: false })).toMatchObject({
    addedCount: 0,
    removedCount: 90,
    unchangedCount: 0,
  });
});

test('what rings very often is compared over a shorter time, and says how long', () => {
  const told = change({ every: '1m' }, { every: '2m' });
  expect(told.comparedUntil).toEqual(new Date(NOON + CHANGE_SLOTS_MAX * 60_000));
  expect(told.removedCount).toBe(CHANGE_SLOTS_MAX / 2);
});
