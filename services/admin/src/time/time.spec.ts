import { describe, expect, test } from '@jest/globals';
import {
  formatCountdown,
  formatDuration,
  formatElapsed,
  formatRelative,
  formatRun,
  formatStamp,
  zoneAbbreviation,
} from './time.js';

const winter = Date.parse('2026-01-15T14:03:07Z');
const summer = Date.parse('2026-07-15T14:03:07Z');

describe('a stamp', () => {
  test('of today shows the clock and the zone', () => {
    expect(formatStamp(winter, 'UTC', winter + 60_000)).toBe('14:03:07 UTC');
    expect(formatStamp(winter, 'America/New_York', winter)).toBe('09:03:07 EST');
    expect(formatStamp(summer, 'America/New_York', summer)).toBe('10:03:07 EDT');
  });

  test('of another day shows the date, of another year the year too', () => {
    expect(formatStamp(winter, 'UTC', summer)).toBe('15 Jan 14:03 UTC');
    expect(formatStamp(winter, 'UTC', Date.parse('2027-02-01T00:00:00Z'))).toBe(
      '15 Jan 2026 14:03 UTC',
    );
  });

  test('belongs to the day of the zone that is shown', () => {
    const late = Date.parse('2026-01-15T23:30:00Z');
    expect(formatStamp(late, 'Asia/Kolkata', Date.parse('2026-01-16T02:00:00Z'))).toBe(
      '05:00:00 IST',
    );
    expect(formatStamp(late, 'UTC', Date.parse('2026-01-16T02:00:00Z'))).toBe('15 Jan 23:30 UTC');
  });

  test('names a zone by its offset where it has no short name', () => {
    expect(zoneAbbreviation(winter, 'Europe/Berlin')).toBe('CET');
    expect(zoneAbbreviation(summer, 'Europe/Berlin')).toBe('CEST');
    expect(zoneAbbreviation(winter, 'Asia/Kathmandu')).toBe('GMT+5:45');
  });
});

test('a coming run shows its weekday', () => {
  expect(formatRun(winter, 'UTC', winter)).toBe('Thu 15 Jan 14:03');
});

test('a relative time never rounds up', () => {
  expect(formatRelative(winter, winter + 500)).toBe('now');
  expect(formatRelative(winter, winter + 59_999)).toBe('59 s ago');
  expect(formatRelative(winter, winter + 119_999)).toBe('1 min ago');
  expect(formatRelative(winter + 3 * 3_600_000, winter)).toBe('in 3 h');
  expect(formatRelative(winter - 3 * 86_400_000, winter)).toBe('3 d ago');
});

test('a countdown says due when its time has come', () => {
  expect(formatCountdown(winter, winter)).toBe('due');
  expect(formatCountdown(winter + 200, winter)).toBe('in 1 s');
  expect(formatCountdown(winter + 200_000, winter)).toBe('in 03:20');
  expect(formatCountdown(winter + 7_500_000, winter)).toBe('in 2 h 05 m');
});

test('a duration keeps two digits that matter', () => {
  expect(formatDuration(0)).toBe('0 ms');
  expect(formatDuration(840.4)).toBe('840 ms');
  expect(formatDuration(12_340)).toBe('12.3 s');
  expect(formatDuration(59_990)).toBe('1 m 00 s');
  expect(formatDuration(245_000)).toBe('4 m 05 s');
  expect(formatDuration(7_620_000)).toBe('2 h 07 m');
  expect(formatElapsed(12_940)).toBe('12 s');
});
