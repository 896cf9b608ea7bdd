import { expect, test } from '@jest/globals';
import { readHolidays } from './read-holidays.js';

test('public holidays of a state become named days', async () => {
  const read = await readHolidays({ country: 'de', state: 'by', years: [2026, 2026] });
  const { dates } = 'days' in read ? read.days : { dates: [] };
  expect(dates).toContainEqual({
    from: '2026-01-06',
    to: '2026-01-06',
    name: 'Heilige Drei Könige',
  });
  expect(new Set(dates.map(({ from }) => from)).size).toBe(dates.length);
});

test('a holiday of several days is a range', async () => {
  const read = await readHolidays({ country: 'SA', years: [2026] });
  const { dates } = 'days' in read ? read.days : { dates: [] };
  expect(dates).toContainEqual(expect.objectContaining({ from: '2026-03-19', to: '2026-03-22' }));
});

test.each([
  ['country', { country: 'XX', years: [2026] }, '/country'],
  ['state', { country: 'DE', state: 'XX', years: [2026] }, '/state'],
])('an unknown %s is named', async (_name, asked, path) => {
  expect(await readHolidays(asked)).toMatchObject({ faults: [{ path, code: 'not-one-of' }] });
});
