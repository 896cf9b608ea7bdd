import { describe, expect, test } from '@jest/globals';
import { daysText, readDays } from './days-text.js';

const days = {
  dates: [
    { from: '2026-12-24', to: '2026-12-26', name: 'Christmas' },
    { from: '2027-01-01', to: '2027-01-01', name: null },
  ],
  hours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 540, toMinute: 1020 })),
  times: [{ from: '2026-11-27T18:00:00', to: '2026-11-30T06:00:00', name: 'Black Friday' }],
};

describe('the days of a calendar', () => {
  test('are lines that people can read', () => {
    expect(daysText(days)).toEqual({
      dates: '2026-12-24 to 2026-12-26 Christmas\n2027-01-01',
      hours: 'Mon-Fri 09:00-17:00',
      times: '2026-11-27T18:00:00 to 2026-11-30T06:00:00 Black Friday',
    });
  });

  test('come back from their lines as they were', () => {
    const read = readDays(daysText(days));
    expect(read).toEqual({
      ok: true,
      days: {
        dates: [
          { from: '2026-12-24', to: '2026-12-26', name: 'Christmas' },
          { from: '2027-01-01' },
        ],
        hours: days.hours,
        times: days.times,
      },
    });
  });

  test('keep two spans of one day apart', () => {
    const hours = [1, 2].flatMap((weekday) => [
      { weekday, fromMinute: 0, toMinute: 60 },
      { weekday, fromMinute: 1380, toMinute: 1440 },
    ]);
    expect(daysText({ dates: [], hours, times: [] }).hours).toBe(
      'Mon-Tue 00:00-01:00\nMon-Tue 23:00-24:00',
    );
  });
});

test('a line that is not understood is named by its number', () => {
  const read = readDays({
    dates: '2026-12-24\nchristmas',
    hours: 'Fri-Mon 09:00-10:00',
    times: '',
  });
  expect(read).toEqual({
    ok: false,
    wrong: { dates: expect.stringContaining('2'), hours: expect.stringContaining('1') },
  });
});

test('seconds may be left out of a time', () => {
  const read = readDays({ dates: '', hours: '', times: '2026-11-27 18:00 to 2026-11-27 19:30:30' });
  expect(read.ok && read.days.times).toEqual([
    { from: '2026-11-27T18:00:00', to: '2026-11-27T19:30:30' },
  ]);
});
