import { expect, test } from '@jest/globals';
import { catchUpOf, changesRuns, isAboutPolicy, overlapOf, policySummary } from './policies.js';

test('what is absent is told as the default, and needs no words', () => {
  expect(catchUpOf({}).mode).toBe('latest');
  expect(overlapOf({}).policy).toBe('skip');
  expect(policySummary({})).toEqual([]);
});

test('what differs from the defaults is told in a few words', () => {
  const policies = {
    overlap: { policy: 'buffer_one', bufferLimit: null },
    catchUp: { mode: 'none', window: null, limit: null },
    jitter: '30s',
    calendars: [{ calendarId: 'c', role: 'exclude', action: 'skip' }],
  };
  expect(policySummary(policies)).toEqual([
    'catch up: nothing',
    'Keep one waiting',
    'jitter 30s',
    '1 calendar',
  ]);
});

test('only bounds, calendars and spreading change what the expression rings', () => {
  expect(changesRuns({ overlap: { policy: 'allow_all', bufferLimit: null } })).toBe(false);
  expect(changesRuns({ calendars: [] })).toBe(false);
  expect(changesRuns({ spread: '5m' })).toBe(true);
});

test('a problem of a policy is known by where it points', () => {
  expect(isAboutPolicy('/schedules/1/catchUp/window', '/schedules/1')).toBe(true);
  expect(isAboutPolicy('/schedules/1/cron', '/schedules/1')).toBe(false);
  expect(isAboutPolicy('/schedules/11/catchUp', '/schedules/1')).toBe(false);
});
