import { expect, test } from '@jest/globals';
import { differencesOf } from './differences.js';

const before = { cron: '0 9 * * *', timezone: 'UTC', jitter: null, catchUp: { mode: 'latest' } };

test('only what is said otherwise is told', () => {
  expect(differencesOf(before, { ...before, cron: '0 10 * * *', jitter: '30s' })).toEqual([
    { field: 'cron', before: '0 9 * * *', after: '0 10 * * *' },
    { field: 'jitter', before: undefined, after: '30s' },
  ]);
  expect(differencesOf(before, { ...before })).toEqual([]);
});

test('the first version differs from nothing in all it says', () => {
  expect(differencesOf(undefined, before).map(({ field }) => field)).toEqual([
    'cron',
    'timezone',
    'catchUp',
  ]);
});

test('policies and calendars are read as words', () => {
  const after = {
    ...before,
    catchUp: { __typename: 'CatchUp', mode: 'all', window: '2h', limit: null },
    calendars: [{ calendarId: 'c1', role: 'exclude', action: 'skip' }],
  };
  expect(differencesOf(before, after)).toEqual([
    { field: 'catchUp', before: 'mode latest', after: 'mode all, window 2h' },
    { field: 'calendars', before: undefined, after: 'calendarId c1, role exclude, action skip' },
  ]);
});
