import { describe, expect, test } from '@jest/globals';
import { describeTiming } from './describe.js';
import { parseDuration, writeDuration } from './duration.js';
import { lintTiming } from './lint.js';
import { type DstPolicy, type Timing } from './timing.js';

const NOW = Date.parse('2026-01-15T00:00:00Z');

const cron = (expression: string, zone = 'UTC', dst: DstPolicy = 'vixie'): Timing => ({
  kind: 'cron',
  expression,
  zone,
  dst,
});

describe('a schedule in words', () => {
  const words: [string, string][] = [
    ['0 9 * * 1-5', 'At 09:00, on Monday to Friday'],
    ['0,30 9 * * *', 'At 09:00 and 09:30, every day'],
    ['*/15 9-17 * * MON-FRI', 'Every 15 minutes, between 09:00 and 17:59, on Monday to Friday'],
    ['@daily', 'At 00:00, every day'],
    ['@hourly', 'Every hour'],
    ['* * * * *', 'Every minute'],
    ['*/10 * * * * *', 'Every 10 seconds'],
    ['* 0 9 * * *', 'Every second, in the minute of 09:00'],
    ['*/20 * 9 * * *', 'Every 20 seconds, in these minutes: every minute, between 09:00 and 09:59'],
    ['0 9 * 6-8 *', 'At 09:00, every day in June to August'],
    ['0 9 1 */3 *', 'At 09:00, on day 1 of the month in January, April, July and October'],
    ['0 9 15W * *', 'At 09:00, on the workday nearest day 15 of the month'],
    ['0 9 LW * *', 'At 09:00, on the last workday of the month'],
    ['0 9 L,15 * *', 'At 09:00, on day 15 of the month and the last day of the month'],
    [
      '0 9 * * 5L,1#2',
      'At 09:00, on the last Friday of the month and the second Monday of the month',
    ],
    ['0 0 * * 0,6', 'At 00:00, on Saturday and Sunday'],
    ['0 0 * * 0,7', 'At 00:00, on Sunday'],
  ];
  for (const [expression, text] of words)
    test(expression, () => {
      expect(describeTiming(cron(expression))).toBe(text);
    });

  test('says "or" where cron means or, and "if" where it means and', () => {
    expect(describeTiming(cron('0 0 13 * 5'))).toContain('day 13 of the month or on Friday');
    expect(describeTiming(cron('0 0 13 * +5'))).toContain('day 13 of the month, if that is Friday');
    expect(describeTiming(cron('0 0 */2 * 1'))).toContain('if that is Monday');
  });

  test('does not call an uneven step even', () => {
    expect(describeTiming(cron('*/35 * * * *'))).toBe('At 0 and 35 minutes past the hour');
    expect(describeTiming(cron('0 */5 * * *'))).toContain('00:00, 05:00, 10:00, 15:00 and 20:00');
  });

  test('names intervals and single instants', () => {
    const every = (everyMs: number) =>
      describeTiming({ kind: 'every', everyMs, anchorMs: 0, zone: 'UTC' });
    expect(every(5_400_000)).toBe('Every 1 hour 30 minutes');
    expect(every(60_000)).toBe('Every minute');
    const atMs = Date.parse('2026-11-01T06:30:00Z');
    expect(describeTiming({ kind: 'at', atMs, zone: 'America/New_York' })).toBe(
      'Once, on 2026-11-01 at 01:30:00 (America/New_York, UTC-05:00)',
    );
  });
});

describe('a schedule is lit from its dark side', () => {
  const codes = (timing: Timing) => lintTiming(timing, NOW).map((lint) => lint.code);
  const rows: [string, string[]][] = [
    ['0 9 * * 1-5', []],
    ['*/15 * * * *', []],
    ['* * * * *', ['every-minute']],
    ['* * * * * *', ['sub-minute']],
    ['* 9 * * *', ['star-minute']],
    ['*/35 * * * *', ['uneven-step']],
    ['0 */5 * * *', ['uneven-step']],
    ['0 0 */2 * *', ['uneven-step']],
    ['5-59/15 * * * *', []],
    ['0 9-17/10 * * *', ['step-once']],
    ['0 0 13 * 5', ['day-or-weekday']],
    ['0 0 */2 * 1', ['day-and-weekday', 'uneven-step']],
    ['0 0 13 * +5', []],
    ['0 0 31 * *', ['short-months']],
    ['0 0 29 2 *', ['leap-day', 'rare']],
  ];
  for (const [expression, expected] of rows)
    test(`${expression}: ${expected.join(', ') || 'nothing to say'}`, () => {
      expect(codes(cron(expression))).toEqual(expected);
    });

  test('the remedy of two day fields is the expression with a plus', () => {
    const [lint] = lintTiming(cron('0 0 13 * FRI'), NOW);
    expect(lint).toMatchObject({ part: 'dayOfWeek', position: 9 });
    expect(lint.remedy).toContain('0 0 13 * +FRI');
  });

  test('names the dates ahead on which a change of the clock touches it', () => {
    const dst = (expression: string, policy: DstPolicy) =>
      lintTiming(cron(expression, 'America/New_York', policy), NOW).map(({ code, dates }) => [
        code,
        dates,
      ]);
    expect(dst('30 2 * * *', 'vixie')).toEqual([['gap-moves', ['2026-03-08']]]);
    expect(dst('30 2 * * *', 'wall')).toEqual([['gap-skips', ['2026-03-08']]]);
    expect(dst('30 1 * * *', 'vixie')).toEqual([['overlap-once', ['2026-11-01']]]);
    expect(dst('30 1 * * *', 'wall')).toEqual([['overlap-twice', ['2026-11-01']]]);
    expect(dst('*/15 * * * *', 'vixie')).toEqual([]);
    expect(dst('*/15 * * * *', 'skip')).toEqual([['overlap-pauses', ['2026-11-01']]]);
    expect(dst('30 2 8-14 3 +SUN', 'skip')).toEqual([['never-fires', undefined]]);
    expect(dst('0 9 * * *', 'vixie')).toEqual([]);
  });

  test('zones that mislead, days that shift, ends that come too soon, instants gone by', () => {
    expect(codes(cron('0 9 * * *', 'Etc/GMT+5'))).toEqual(['zone-sign']);
    expect(codes(cron('0 9 * * *', 'EST'))).toEqual(['zone-abbreviation']);
    const daily: Timing = { kind: 'every', everyMs: 86_400_000, anchorMs: 0, zone: 'Europe/Paris' };
    expect(codes(daily)).toEqual(['interval-shifts']);
    expect(codes({ ...daily, zone: 'Asia/Tokyo' })).toEqual([]);
    expect(codes({ kind: 'at', atMs: NOW - 1, zone: 'UTC' })).toEqual(['never-fires']);
    const bounds = { untilMs: NOW + 2 * 86_400_000, atLeast: 3 };
    expect(lintTiming(cron('0 9 * * *'), NOW, bounds)[0].code).toBe('few-before-end');
  });
});

test('durations are read as people and ISO 8601 write them', () => {
  const read = ['90s', '1h30m', 'PT90M', 'P1DT2H', '2d', '1500ms'].map(parseDuration);
  expect(read).toEqual([90_000, 5_400_000, 5_400_000, 93_600_000, 172_800_000, 1500]);
  for (const text of ['', 'P', 'PT', '90', '1m1h', '-5s', 'P1M', '1.5h', '9999999999s'])
    expect(parseDuration(text)).toBeUndefined();
  expect(writeDuration(5_400_000)).toBe('1h30m');
});
