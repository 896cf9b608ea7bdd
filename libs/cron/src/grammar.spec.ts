import { describe, expect, test } from '@jest/globals';
import { nextSlot } from './next-slot.js';
import { type Problem, type Timing } from './timing.js';
import { validateTiming } from './validate.js';

const cron = (expression: string, zone = 'UTC') => ({
  kind: 'cron',
  expression,
  zone,
  dst: 'vixie',
});

function problemsOf(timing: unknown): Problem[] {
  const result = validateTiming(timing);
  return result.ok ? [] : result.problems;
}

/** Expression, code, part of the expression, position, and a word of the remedy. */
const refused: [string, string, Problem['part'], number | undefined, RegExp][] = [
  ['', 'empty', undefined, 0, /five fields/],
  [' \t ', 'empty', undefined, 0, /five fields/],
  ['*', 'too-few-fields', undefined, 1, /minute, hour/],
  ['* *', 'too-few-fields', undefined, 3, /minute, hour/],
  ['5 4 * *', 'too-few-fields', undefined, 7, /minute, hour/],
  ['0 0 9 * * * 2027', 'too-many-fields', undefined, 12, /from and until/],
  ['0 0 9 * * * * *', 'too-many-fields', undefined, 12, /at most/],
  [`0 9 * * ${'1,'.repeat(200)}1`, 'too-long', undefined, 256, /ranges/],
  ['0\u00a09 * * *', 'strange-character', undefined, 1, /anew/],
  ['\ufeff0 9 * * *', 'strange-character', undefined, 0, /anew/],
  ['0 9 * * *\n', 'strange-character', undefined, 9, /anew/],
  ['0 9\u2003* * *', 'strange-character', undefined, 3, /anew/],
  ['0 9 * * １', 'strange-character', undefined, 8, /anew/],
  ['5/15 * * * *', 'step-without-range', 'minute', 0, /5-59\/15/],
  ['/30 * * * *', 'step-without-range', 'minute', 0, /\*\/30/],
  ['0 0 * * 1/2', 'step-without-range', 'dayOfWeek', 8, /1-6\/2/],
  ['*/0 * * * *', 'zero-step', 'minute', 2, /1 or more/],
  ['*/ * * * *', 'bad-step', 'minute', 2, /\*\/5/],
  ['*/5/2 * * * *', 'bad-step', 'minute', 2, /\*\/5/],
  ['*/90 * * * *', 'step-too-large', 'minute', 2, /every/],
  ['0 22-2 * * *', 'reversed-range', 'hour', 2, /22-23,0-2$/],
  ['0 0 * * FRI-MON', 'reversed-range', 'dayOfWeek', 8, /FRI-SAT,SUN-MON$/],
  ['0 0 1 NOV-FEB *', 'reversed-range', 'month', 6, /NOV-DEC,JAN-FEB$/],
  ['0 0 * * 6-0', 'reversed-range', 'dayOfWeek', 8, /6,0$/],
  ['? 9 * * *', 'question-mark', 'minute', 0, /\*/],
  ['0 9 1? * *', 'question-mark', 'dayOfMonth', 5, /\*/],
  ['H 9 * * *', 'hash', 'minute', 0, /spread/],
  ['H(0-29)/10 * * * *', 'hash', 'minute', 0, /spread/],
  ['@reboot', 'reboot', undefined, 0, /event/],
  ['@Daily', 'unknown-macro', undefined, 0, /@daily/],
  ['@fortnightly', 'unknown-macro', undefined, 0, /@weekly/],
  ['@daily *', 'macro-with-fields', undefined, 7, /alone/],
  ['0 0 31 2 *', 'never-fires', 'dayOfMonth', 4, /L is/],
  ['0 0 30-31 2 *', 'never-fires', 'dayOfMonth', 4, /L is/],
  ['0 0 31W 4,6 *', 'never-fires', 'dayOfMonth', 4, /L is/],
  ['0 0 1 * +MON#2', 'never-fires', 'dayOfMonth', 4, /L is/],
  ['60 * * * *', 'out-of-range', 'minute', 0, /use 0/],
  ['0 24 * * *', 'out-of-range', 'hour', 2, /use 0/],
  ['0 0 0 * *', 'out-of-range', 'dayOfMonth', 4, /1 to 31/],
  ['0 0 1 13 *', 'out-of-range', 'month', 6, /1 to 12/],
  ['0 0 * * 8', 'out-of-range', 'dayOfWeek', 8, /0 to 7/],
  ['0 9 * * MONDAY', 'not-a-value', 'dayOfWeek', 8, /MON/],
  ['0 9am * * *', 'not-a-value', 'hour', 2, /number/],
  ['-5 * * * *', 'not-a-value', 'minute', 0, /number/],
  ['1.5 * * * *', 'strange-character', 'minute', 1, /remove/],
  ['0 0 1,,15 * *', 'empty-item', 'dayOfMonth', 6, /comma/],
  ['0 0 15w * *', 'small-letter', 'dayOfMonth', 6, /LW/],
  ['0 0 l * *', 'small-letter', 'dayOfMonth', 4, /LW/],
  ['0 0 1-15W * *', 'bad-modifier', 'dayOfMonth', 4, /15W/],
  ['0 0 1W,15W * *', 'workday-in-list', 'dayOfMonth', 4, /schedule of its own/],
  ['0 0 1,LW * *', 'workday-in-list', 'dayOfMonth', 6, /schedule of its own/],
  ['0 0 5#2 * *', 'misplaced-modifier', 'dayOfMonth', 5, /5#2/],
  ['L * * * *', 'misplaced-modifier', 'minute', 0, /numbers/],
  ['0 0 * * L', 'bad-modifier', 'dayOfWeek', 8, /5#L/],
  ['0 0 * * 5#6', 'bad-modifier', 'dayOfWeek', 8, /5#2/],
  ['0 0 * * 1-5#2', 'not-a-value', 'dayOfWeek', 8, /0 to 7/],
  ['0 0 1 * MON+', 'misplaced-plus', 'dayOfWeek', 11, /\+MON/],
  ['0 0 +1 * MON', 'misplaced-plus', 'dayOfMonth', 4, /\+MON/],
  ['0 0 * * +', 'empty-item', 'dayOfWeek', 9, /\+MON/],
];

describe('an expression is refused with its place and a remedy', () => {
  for (const [expression, code, part, position, remedy] of refused)
    test(`${code}: ${JSON.stringify(expression.slice(0, 40))}`, () => {
      const [problem] = problemsOf(cron(expression));
      expect({ ...problem, message: '', remedy: '' }).toEqual({
        field: 'cron',
        code,
        ...(part && { part }),
        position,
        message: '',
        remedy: '',
      });
      expect(problem.remedy).toMatch(remedy);
    });

  test('all fields are judged at once', () => {
    const parts = problemsOf(cron('60 24 0 13 8')).map((problem) => problem.part);
    expect(parts).toEqual(['minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek']);
  });

  test('a position counts from the start of the text as given', () => {
    expect(problemsOf(cron('   0  25 * * *'))[0].position).toBe(6);
  });
});

describe('a timing is refused', () => {
  for (const zone of ['', '+02:00', 'local', 'Mars/Olympus', 'Europe/Berlin ', 'x'.repeat(500), 7])
    test(`with the zone ${JSON.stringify(zone).slice(0, 30)}`, () => {
      const [problem] = problemsOf({ ...cron('0 9 * * *'), zone });
      expect(problem).toMatchObject({ field: 'timezone', code: 'unknown-zone' });
    });

  const shapes: [unknown, string, string][] = [
    [undefined, 'kind', 'not-a-timing'],
    ['0 9 * * *', 'kind', 'not-a-timing'],
    [{ kind: 'sometimes' }, 'kind', 'unknown-kind'],
    [{ kind: 'cron' }, 'cron', 'not-text'],
    [{ ...cron('0 9 * * *'), dst: 'both' }, 'dst', 'unknown-dst-policy'],
    [{ kind: 'every', everyMs: 999 }, 'every', 'out-of-range'],
    [{ kind: 'every', everyMs: 1500.5 }, 'every', 'out-of-range'],
    [{ kind: 'every', everyMs: '90s' }, 'every', 'not-a-number'],
    [{ kind: 'every', everyMs: 1000, anchorMs: Number.NaN }, 'anchor', 'out-of-range'],
    [{ kind: 'at', atMs: -1 }, 'at', 'out-of-range'],
    [{ kind: 'at', atMs: 10n }, 'at', 'not-a-number'],
    [{ kind: 'at' }, 'at', 'not-a-number'],
  ];
  for (const [timing, field, code] of shapes)
    test(`${field}: ${code}`, () => {
      expect(problemsOf(timing)[0]).toMatchObject({ field, code });
    });
});

describe('a timing is accepted', () => {
  test('in UTC and with the rule of cron unless it says otherwise', () => {
    expect(validateTiming({ kind: 'cron', expression: ' @daily ' })).toEqual({
      ok: true,
      timing: { kind: 'cron', expression: ' @daily ', zone: 'UTC', dst: 'vixie' },
    });
  });

  test('with the zone as its author calls it, capitals mended', () => {
    const zoneOf = (zone: string) => {
      const result = validateTiming(cron('0 9 * * *', zone));
      return result.ok && result.timing.zone;
    };
    expect(zoneOf('europe/london')).toBe('Europe/London');
    expect(zoneOf('Asia/Kolkata')).toBe('Asia/Kolkata');
  });
});

/** The first local dates (and times) from 1 January 2026. */
const meanings: [string, string[]][] = [
  ['0 0 L * *', ['01-31', '02-28', '03-31', '04-30']],
  ['0 0 L,15 2 *', ['02-15', '02-28']],
  ['0 0 L-2 * *', ['01-29', '02-26', '03-29']],
  ['0 0 LW * *', ['01-30', '02-27', '03-31', '04-30', '05-29']],
  ['0 0 1W * *', ['01-01', '02-02', '03-02', '04-01', '05-01', '06-01', '07-01', '08-03']],
  ['0 0 31W * *', ['01-30', '03-31', '05-29', '07-31']],
  ['0 0 15W * *', ['01-15', '02-16', '03-16', '04-15']],
  ['0 0 * * 5L', ['01-30', '02-27', '03-27']],
  ['0 0 * * FRI#L', ['01-30', '02-27', '03-27']],
  ['0 0 * * MONL', ['01-26', '02-23', '03-30']],
  ['0 0 * * 5#5', ['01-30', '05-29', '07-31']],
  ['0 0 * * fri#2,Mon#1', ['01-05', '01-09', '02-02', '02-13']],
  ['0 0 * * SAT-SUN', ['01-03', '01-04', '01-10']],
  ['0 0 * * 6-7', ['01-03', '01-04', '01-10']],
  ['0 0 * * 0,7', ['01-04', '01-11']],
  ['0 0 * * 5-7/2', ['01-02', '01-04', '01-09']],
  ['0 0 13 * FRI', ['01-02', '01-09', '01-13', '01-16']],
  ['0 0 13 * +FRI', ['02-13', '03-13', '11-13']],
  ['0 0 */10 * MON', ['05-11', '06-01', '08-31', '09-21']],
  ['0 0 1 * ?', ['01-01', '02-01']],
  ['0 0 ? * MON', ['01-05', '01-12']],
  ['0 0 1 jan,Jul *', ['01-01', '07-01']],
  ['@yearly', ['01-01']],
  ['@annually', ['01-01']],
  ['@monthly', ['01-01', '02-01']],
  ['@weekly', ['01-04', '01-11']],
  ['@midnight', ['01-01', '01-02']],
];

describe('an expression means these days', () => {
  for (const [expression, dates] of meanings)
    test(expression, () => {
      const found: string[] = [];
      let after = Date.UTC(2026, 0, 1) - 1;
      while (found.length < dates.length) {
        const slot = nextSlot(cron(expression) as Timing, after);
        if (!slot) break;
        found.push(slot.local.slice(5, 10));
        after = slot.dueAtMs;
      }
      expect(found).toEqual(dates);
    });
});
