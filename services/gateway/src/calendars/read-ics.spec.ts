import { describe, expect, test } from '@jest/globals';
import { readIcs } from './read-ics.js';

const ics = (...events: string[][]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']),
    'END:VCALENDAR',
  ].join('\r\n');
const days = (lines: string[], zone?: string) => readIcs(ics(lines), zone)?.days;
const reason = (lines: string[], zone?: string) => readIcs(ics(lines), zone)?.skipped[0]?.reason;

describe('whole days', () => {
  test('end on the day before DTEND', () => {
    const lines = ['DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227', 'SUMMARY:Closed'];
    expect(days(lines)?.dates).toEqual([{ from: '2026-12-24', to: '2026-12-26', name: 'Closed' }]);
  });

  test('without an end are one day, and with a duration as many as it has', () => {
    expect(days(['DTSTART:20260101'])?.dates).toEqual([{ from: '2026-01-01', to: '2026-01-01' }]);
    expect(days(['DTSTART:20260101', 'DURATION:P1W'])?.dates[0]?.to).toBe('2026-01-07');
  });

  test('that end before they begin are one day', () => {
    const lines = ['DTSTART:20260105', 'DTEND:20260101'];
    expect(days(lines)?.dates).toEqual([{ from: '2026-01-05', to: '2026-01-05' }]);
  });
});

describe('times', () => {
  test('without a zone stay local', () => {
    const lines = ['DTSTART:20261127T180000', 'DTEND:20261127T200000'];
    expect(days(lines)?.times).toEqual([
      { from: '2026-11-27T18:00:00', to: '2026-11-27T20:00:00' },
    ]);
  });

  test('in UTC and in zones of their own are told by the clock of the calendar', () => {
    const utc = ['DTSTART:20260701T120000Z', 'DURATION:PT1H30M'];
    expect(days(utc, 'Europe/Berlin')?.times[0]).toEqual({
      from: '2026-07-01T14:00:00',
      to: '2026-07-01T15:30:00',
    });
    const york = [
      'DTSTART;TZID="America/New_York":20260701T080000',
      'DTEND;TZID=America/New_York:20260701T090000',
    ];
    expect(days(york, 'Europe/Berlin')?.times[0]?.from).toBe('2026-07-01T14:00:00');
  });

  test('of another zone are left out when the calendar has none', () => {
    expect(reason(['DTSTART:20260701T120000Z', 'DTEND:20260701T130000Z'])).toContain('zone');
  });
});

describe('what cannot be said is left out, with its reason', () => {
  test.each<[string, string[], string]>([
    ['repeats', ['DTSTART:20260101', 'RRULE:FREQ=YEARLY'], 'repeats'],
    ['was cancelled', ['DTSTART:20260101', 'STATUS:CANCELLED'], 'cancelled'],
    ['has no start', ['SUMMARY:x'], 'no start'],
    ['has no length', ['DTSTART:20260101T090000'], 'no length'],
    ['has a day that never was', ['DTSTART:20260231'], 'cannot be read'],
    ['has a time that never is', ['DTSTART:20260101T256100'], 'cannot be read'],
    [
      'names a zone that nobody knows',
      ['DTSTART;TZID=W. Europe Standard Time:20260101T090000', 'DURATION:PT1H'],
      'not known',
    ],
  ])('an event that %s', (_name, lines, words) => {
    expect(reason(lines, 'UTC')).toContain(words);
  });
});

test('long lines are unfolded, escapes undone, and alarms inside an event are not the event', () => {
  const lines = [
    'SUMMARY:Christmas\\, and',
    '  New Year',
    'BEGIN:VALARM',
    'DTSTART:20300101',
    'END:VALARM',
    'DTSTART:20261224',
  ];
  expect(days(lines)?.dates).toEqual([
    { from: '2026-12-24', to: '2026-12-24', name: 'Christmas, and New Year' },
  ]);
});

test('a text that is no iCalendar is none', () => {
  expect(readIcs('hello', undefined)).toBeUndefined();
});
