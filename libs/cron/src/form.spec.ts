import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CronForm, formatForm, parseForm } from './form.js';
import { presets } from './presets.js';
import { validateTiming } from './validate.js';

function formOf(expression: string): CronForm {
  const form = parseForm(expression);
  if (form === 'advanced') throw new Error(`${expression} is advanced`);
  return form;
}

const nine = { kind: 'at-minutes', minutes: [0], hours: { kind: 'at', hours: [9] } };

describe('an expression as a form', () => {
  const forms: [string, object][] = [
    ['0 9 * * *', { time: nine, days: { kind: 'every-day', step: 1 }, months: [] }],
    [
      '0 9 * * MON-FRI',
      { time: nine, days: { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5] }, months: [] },
    ],
    [
      '0 9 1,15 JAN,jul *',
      { time: nine, days: { kind: 'days-of-month', days: [1, 15] }, months: [1, 7] },
    ],
    [
      '0 9 1 */3 ?',
      { time: nine, days: { kind: 'days-of-month', days: [1] }, months: [1, 4, 7, 10] },
    ],
    ['0 9 L * *', { time: nine, days: { kind: 'last-day', before: 0 }, months: [] }],
    ['0 9 LW * *', { time: nine, days: { kind: 'workday', nearest: 'last' }, months: [] }],
    [
      '0 9 * * FRI#L',
      { time: nine, days: { kind: 'nth-weekday', weekday: 5, nth: 'last' }, months: [] },
    ],
    ['30 0 9 * * *', { time: nine, days: { kind: 'every-day', step: 1 }, months: [], second: 30 }],
    [
      '*/10 * * * * *',
      {
        time: { kind: 'every-second', step: 10 },
        days: { kind: 'every-day', step: 1 },
        months: [],
      },
    ],
    [
      '*/15 9-17 * * 1-5',
      {
        time: { kind: 'every-minute', step: 15, hours: { kind: 'between', from: 9, to: 17 } },
        days: { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5] },
        months: [],
      },
    ],
  ];
  for (const [expression, form] of forms)
    test(expression, () => {
      expect(formOf(expression)).toEqual({ ...form, source: expression });
    });

  test('what the choices can not say is advanced', () => {
    const advanced = ['0 9 13 * 5', '0 9 1 * +MON', '0 9 L,15 * *', '* 5 * * * *', 'nonsense', ''];
    expect(advanced.map(parseForm)).toEqual(advanced.map(() => 'advanced'));
  });
});

describe('a form gives its text back', () => {
  const spellings = [
    ' 0  9 *\t* MON-FRI ',
    '@daily',
    '  @hourly',
    '00 09 * * 0,7',
    '0 9 1 JAN-DEC/3 *',
    '0-59/15 * * * *',
    '0 0-23 * * *',
    '5,4,3 9 * * *',
    '0 9 ? * 5L',
    '0 0 9 L-3 * ?',
  ];
  test('byte for byte, whatever its spelling', () => {
    for (const expression of spellings) expect(formatForm(formOf(expression))).toBe(expression);
  });

  test('byte for byte or not at all, for any text', () => {
    const word = fc.constantFrom(
      '*',
      '0',
      '9',
      '1-5',
      'MON',
      '*/5',
      '1,2',
      'L',
      '?',
      '5#2',
      '15W',
      '0-6/2',
      '+MON',
      'x',
    );
    const blank = fc.constantFrom(' ', '  ', '\t');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, blank), { minLength: 4, maxLength: 7 }), (words) => {
        const expression = words.flat().join('');
        const form = parseForm(expression);
        if (form !== 'advanced') expect(formatForm(form)).toBe(expression);
      }),
      { numRuns: 3000 },
    );
  });

  test('and after an edit keeps the spelling of all that was not edited', () => {
    const form = formOf(' 0  9 * JAN,JUL MON-FRI');
    expect(formatForm({ ...form, months: [2, 8] })).toBe(' 0  9 * 2,8 MON-FRI');
    expect(formatForm({ ...form, days: { kind: 'weekdays', weekdays: [5] } })).toBe(
      ' 0  9 * JAN,JUL 5',
    );
    expect(formatForm({ ...formOf('@daily'), months: [1, 2, 3] })).toBe('0 0 * 1-3 *');
    expect(formatForm({ ...form, second: 15 })).toBe('15 0 9 * 1,7 1-5');
  });

  test('read again, it is the same form', () => {
    const spread = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 });
    const sorted = spread.map((values) => values.sort((a, b) => a - b));
    fc.assert(
      fc.property(sorted, sorted, sorted, (minutes, weekdays, months) => {
        const hours = { kind: 'every', step: 2 } as const;
        const form: CronForm = {
          time: { kind: 'at-minutes', minutes, hours },
          days: { kind: 'weekdays', weekdays },
          months,
        };
        const { source, ...again } = formOf(formatForm(form));
        expect(again).toEqual(form);
        expect(source).toBe(formatForm(form));
      }),
      { numRuns: 200 },
    );
  });
});

test('every preset is valid and has a form', () => {
  for (const { expression } of presets) {
    expect(validateTiming({ kind: 'cron', expression }).ok).toBe(true);
    expect(formatForm(formOf(expression))).toBe(expression);
  }
});
