import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeTiming } from './describe.js';
import { lintTiming } from './lint.js';
import { nextSlot } from './next-slot.js';
import { slotsBetween } from './slots-between.js';
import { type DstPolicy, type RruleTiming } from './timing.js';
import { validateTiming } from './validate.js';

const NEW_YORK = 'America/New_York';

const rrule = (rule: string, start: string, dst: DstPolicy = 'vixie'): RruleTiming => ({
  kind: 'rrule',
  rule,
  start: start.length === 10 ? `${start}T09:00:00` : start,
  zone: NEW_YORK,
  dst,
});

function locals(timing: RruleTiming, count: number): string[] {
  const found: string[] = [];
  let after = -1;
  while (found.length < count) {
    const slot = nextSlot(timing, after);
    if (!slot) break;
    found.push(slot.local);
    after = slot.dueAtMs;
  }
  return found;
}

/** Dates of slots, the year and month written when they change: `1997-09-02 04 10-01`. */
function dates(timing: RruleTiming, count: number): string {
  let before = '';
  return locals(timing, count)
    .map((local) => {
      const date = local.slice(0, 10);
      const same = date.slice(0, 7) === before.slice(0, 7);
      const shown = same
        ? date.slice(8)
        : date.slice(0, 4) === before.slice(0, 4)
          ? date.slice(5)
          : date;
      before = date;
      return shown;
    })
    .join(' ');
}

describe('the examples of RFC 5545', () => {
  // A row ends with a full stop when the rule does.
  // biome-ignore format: a table reads in rows
  const examples: [rule: string, start: string, dates: string][] = [
    ['FREQ=DAILY;COUNT=10', '1997-09-02', '1997-09-02 03 04 05 06 07 08 09 10 11.'],
    ['FREQ=DAILY;INTERVAL=10;COUNT=5', '1997-09-02', '1997-09-02 12 22 10-02 12.'],
    ['FREQ=DAILY;INTERVAL=40;UNTIL=19971224T000000Z', '1997-09-02', '1997-09-02 10-12 11-21.'],
    ['FREQ=WEEKLY;COUNT=5', '1997-09-02', '1997-09-02 09 16 23 30.'],
    ['FREQ=WEEKLY;INTERVAL=2;WKST=SU', '1997-09-02', '1997-09-02 16 30 10-14 28 11-11 25'],
    ['FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH', '1997-09-02', '1997-09-02 04 09 11 16 18 23 25 30 10-02.'],
    ['FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR', '1997-09-01',
      '1997-09-01 03 05 15 17 19 29 10-01 03 13 15 17 27 29 31 11-10 12 14 24 26 28 12-08 10 12 22.'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997-08-05', '1997-08-05 10 19 24.'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997-08-05', '1997-08-05 17 19 31.'],
    ['FREQ=MONTHLY;COUNT=10;BYDAY=1FR', '1997-09-05', '1997-09-05 10-03 11-07 12-05 1998-01-02 02-06 03-06 04-03 05-01 06-05.'],
    ['FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU', '1997-09-07', '1997-09-07 28 11-02 30 1998-01-04 25 03-01 29 05-03 31.'],
    ['FREQ=MONTHLY;COUNT=6;BYDAY=-2MO', '1997-09-22', '1997-09-22 10-20 11-17 12-22 1998-01-19 02-16.'],
    ['FREQ=MONTHLY;BYMONTHDAY=-3', '1997-09-28', '1997-09-28 10-29 11-28 12-29 1998-01-29 02-26'],
    ['FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1', '1997-09-30', '1997-09-30 10-01 31 11-01 30 12-01 31 1998-01-01 31 02-01.'],
    ['FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15', '1997-09-10', '1997-09-10 11 12 13 14 15 1999-03-10 11 12 13.'],
    ['FREQ=MONTHLY;INTERVAL=2;BYDAY=TU', '1997-09-02', '1997-09-02 09 16 23 30 11-04 11 18 25 1998-01-06'],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '1997-09-02', '1998-02-13 03-13 11-13 1999-08-13 2000-10-13'],
    ['FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13', '1997-09-13', '1997-09-13 10-11 11-08 12-13 1998-01-10'],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04', '1997-09-04 10-07 11-06.'],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', '1997-09-29', '1997-09-29 10-30 11-27 12-30 1998-01-29 02-26 03-30'],
    ['FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5', '2007-01-15', '2007-01-15 30 02-15 03-15 30.'],
    ['FREQ=YEARLY;COUNT=6;BYMONTH=6,7', '1997-06-10', '1997-06-10 07-10 1998-06-10 07-10 1999-06-10 07-10.'],
    ['FREQ=YEARLY;INTERVAL=2;COUNT=5;BYMONTH=1,2,3', '1997-03-10', '1997-03-10 1999-01-10 02-10 03-10 2001-01-10.'],
    ['FREQ=YEARLY;BYDAY=20MO', '1997-05-19', '1997-05-19 1998-05-18 1999-05-17'],
    ['FREQ=YEARLY;BYMONTH=3;BYDAY=TH', '1997-03-13', '1997-03-13 20 27 1998-03-05 12 19 26'],
    ['FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8', '1996-11-05', '1996-11-05 2000-11-07 2004-11-02'],
    ['FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=MO', '1999-01-01', '1999-01-04 11 18 25 2000-01-03 10 17 24 31.'],
  ];
  for (const [rule, start, expected] of examples)
    test(rule, () => {
      const ends = expected.endsWith('.');
      const text = ends ? expected.slice(0, -1) : expected;
      expect(dates(rrule(rule, start), text.split(' ').length + (ends ? 1 : 0))).toBe(text);
    });

  const times = (rule: string, count: number) =>
    locals(rrule(rule, '1997-09-02'), count).map((local) => local.slice(8, 16));

  test('hours and minutes', () => {
    expect(times('FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z', 9)).toEqual([
      '02T09:00',
      '02T12:00',
    ]);
    expect(times('FREQ=MINUTELY;INTERVAL=90;COUNT=4', 9)).toEqual([
      '02T09:00',
      '02T10:30',
      '02T12:00',
      '02T13:30',
    ]);
    const daily = 'FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40';
    const minutely = 'FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16';
    expect(times(daily, 100)).toEqual(times(minutely, 100));
  });
});

describe('a rule and a change of the clock', () => {
  const november = [Date.parse('2026-11-01T04:00Z'), Date.parse('2026-11-02T04:00Z')] as const;
  const due = (timing: RruleTiming, [from, to]: readonly [number, number]) =>
    slotsBetween(timing, from, to, 99).slots.map((slot) =>
      new Date(slot.dueAtMs).toISOString().slice(11, 16),
    );

  test('follows the policy as a cron expression does', () => {
    const march = [Date.parse('2026-03-08T05:00Z'), Date.parse('2026-03-09T04:00Z')] as const;
    expect(due(rrule('FREQ=DAILY', '2026-01-01T02:30:00'), march)).toEqual(['07:00']);
    expect(due(rrule('FREQ=DAILY', '2026-01-01T02:30:00', 'skip'), march)).toEqual([]);
    expect(due(rrule('FREQ=DAILY', '2026-01-01T01:30:00'), november)).toEqual(['05:30']);
    expect(due(rrule('FREQ=DAILY', '2026-01-01T01:30:00', 'wall'), november)).toEqual([
      '05:30',
      '06:30',
    ]);
  });

  test('hourly rules follow the real hours', () => {
    expect(due(rrule('FREQ=HOURLY', '2026-01-01'), november)).toHaveLength(24);
    expect(due(rrule('FREQ=HOURLY;BYHOUR=1', '2026-01-01'), november)).toEqual(['05:00', '06:00']);
  });

  test('has lints with the dates ahead', () => {
    const lints = lintTiming(
      rrule('FREQ=DAILY', '2026-01-01T02:30:00'),
      Date.parse('2026-01-15T00:00Z'),
    );
    expect(lints.map(({ code, dates }) => [code, dates])).toEqual([['gap-moves', ['2026-03-08']]]);
  });
});

test('asking anew agrees with iterating, also with COUNT', () => {
  const rules = [
    'FREQ=WEEKLY;INTERVAL=3;BYDAY=SU,WE;COUNT=30',
    'FREQ=MONTHLY;BYDAY=-1SU,2MO;BYHOUR=1,2,3',
    'FREQ=YEARLY;BYMONTH=3,11;BYDAY=SU;BYSETPOS=2,-1;BYHOUR=1,2',
    'FREQ=HOURLY;INTERVAL=5;BYDAY=SA,SU',
    'FREQ=MINUTELY;INTERVAL=50;BYHOUR=0,1,2',
  ];
  const start = Date.parse('2026-01-01T00:00Z');
  fc.assert(
    fc.property(
      fc.constantFrom(...rules),
      fc.constantFrom<DstPolicy>('vixie', 'skip', 'wall'),
      fc.nat({ max: 400 * 86_400_000 }),
      fc.nat(),
      (rule, dst, ahead, somewhere) => {
        const timing = rrule(rule, '2026-01-01', dst);
        let before = start + ahead;
        for (let i = 0; i < 20; i++) {
          const slot = nextSlot(timing, before);
          if (!slot) break;
          expect(slot.dueAtMs).toBeGreaterThan(before);
          expect(nextSlot(timing, before + (somewhere % (slot.dueAtMs - before)))).toEqual(slot);
          before = slot.dueAtMs;
        }
      },
    ),
    { numRuns: 200 },
  );
});

describe('a rule is refused', () => {
  const rows: [string, string, number | undefined][] = [
    ['', 'empty', undefined],
    ['FREQ=SECONDLY', 'unknown-frequency', 0],
    ['INTERVAL=2', 'no-frequency', 0],
    ['RRULE:FREQ=DAILY;BYWEEKNO=3', 'unsupported-part', 17],
    ['FREQ=DAILY;FREQ=WEEKLY', 'twice', 11],
    ['FREQ=DAILY;', 'bad-part', 11],
    ['FREQ=DAILY;INTERVAL=0', 'bad-value', 11],
    ['FREQ=DAILY;COUNT=100001', 'bad-value', 11],
    ['FREQ=DAILY;BYHOUR=24', 'bad-value', 11],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'bad-value', 13],
    ['FREQ=DAILY;UNTIL=20260231', 'bad-value', 11],
    ['FREQ=DAILY;COUNT=1;UNTIL=20260201', 'bad-combination', 19],
    ['FREQ=WEEKLY;BYDAY=2MO', 'bad-combination', 12],
    ['FREQ=WEEKLY;BYMONTHDAY=2', 'bad-combination', 12],
    ['FREQ=MONTHLY;BYDAY=6MO', 'bad-combination', 13],
    ['FREQ=HOURLY;BYSETPOS=1', 'bad-combination', 12],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'never-fires', undefined],
    ['FREQ=MINUTELY;INTERVAL=1440;BYHOUR=10', 'never-fires', undefined],
    ['FREQ=DAILY;UNTIL=20200101', 'never-fires', undefined],
  ];
  for (const [rule, code, position] of rows)
    test(`${code}: ${rule}`, () => {
      const result = validateTiming(rrule(rule, '2026-01-01'));
      const [problem] = result.ok ? [] : result.problems;
      expect(problem).toMatchObject({ field: 'rrule', code });
      expect(problem?.position).toBe(position);
    });

  test('without a start', () => {
    const result = validateTiming({ kind: 'rrule', rule: 'FREQ=DAILY' });
    expect(result).toMatchObject({ ok: false, problems: [{ field: 'start', code: 'bad-start' }] });
  });
});

test('a rule in words', () => {
  const words: [string, string][] = [
    ['FREQ=DAILY', 'Every day at 09:00, from 2026-01-31'],
    [
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10',
      'Every 2 weeks on Monday and Friday at 09:00, from 2026-01-31, 10 times',
    ],
    ['FREQ=MONTHLY', 'Every month on day 31 at 09:00, from 2026-01-31'],
    [
      'FREQ=MONTHLY;BYDAY=-1FR,2TU',
      'Every month on the last Friday and the 2nd Tuesday at 09:00, from 2026-01-31',
    ],
    [
      'FREQ=YEARLY;UNTIL=20301231',
      'Every year on day 31 in January at 09:00, from 2026-01-31, until 2030-12-31',
    ],
    [
      'FREQ=HOURLY;INTERVAL=3;BYHOUR=9,10,11',
      'Every 3 hours in the hours 9 to 11, from 2026-01-31',
    ],
    [
      'FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1',
      'Every month on Monday and Tuesday at 09:00, only the last of each month, from 2026-01-31',
    ],
  ];
  for (const [rule, text] of words) expect(describeTiming(rrule(rule, '2026-01-31'))).toBe(text);
});
