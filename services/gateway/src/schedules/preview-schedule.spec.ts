import { describe, expect, test } from '@jest/globals';
import { previewBody } from '../shapes/preview-input.js';
import { type Surroundings } from './judge-slots.js';
import { previewSchedule } from './preview-schedule.js';

const NOON = Date.UTC(2026, 2, 1, 12);
const NOTHING: Surroundings = { calendars: [], maintenances: [] };
const preview = (body: object, around: Surroundings = NOTHING, nowMs = NOON) =>
  previewSchedule(previewBody.parse(body), around, nowMs);

test('tells instants with their local time and offset, also where the clocks change', () => {
  const beforeChange = Date.UTC(2026, 2, 8, 5);
  const body = { cron: '30 1,3 * * *', timezone: 'America/New_York', count: 2 };
  const { nextRuns, ...rest } = preview(body, NOTHING, beforeChange);
  expect(rest).toMatchObject({ valid: true, problems: [] });
  expect(rest.description).not.toBe('');
  const early = new Date('2026-03-08T06:30:00Z');
  const late = new Date('2026-03-08T07:30:00Z');
  const run = { verdict: 'runs', cause: null, by: null };
  expect(nextRuns).toEqual([
    { at: early, startsAt: early, local: '2026-03-08T01:30:00', offset: '-05:00', ...run },
    { at: late, startsAt: late, local: '2026-03-08T03:30:00', offset: '-04:00', ...run },
  ]);
});

describe('what is wrong', () => {
  test('is told whole, and nothing else', () => {
    const told = preview({ cron: '0 25 * * *', timezone: 'Nowhere' });
    expect(told).toMatchObject({ valid: false, description: '', nextRuns: [], lints: [] });
    expect(told.problems.map(({ field }) => field).sort()).toEqual(['cron', 'timezone']);
  });

  test('has its position in the expression, and a remedy', () => {
    const [problem] = preview({ cron: '0 25 * * *', timezone: 'UTC' }).problems;
    expect(problem).toMatchObject({ field: 'cron', position: 2 });
    expect(problem?.remedy).not.toBe('');
  });

  test.each<[string, object, string, string]>([
    ['no way to say when', { timezone: 'UTC' }, 'cron', 'missing'],
    ['two ways', { cron: '* * * * *', every: '5m', timezone: 'UTC' }, 'every', 'ambiguous'],
    ['a rule without a start', { rrule: 'FREQ=DAILY', timezone: 'UTC' }, 'start', 'missing'],
    ['an interval that is none', { every: 'often' }, 'every', 'out-of-range'],
    ['an interval that is too short', { every: '10ms' }, 'every', 'out-of-range'],
    ['a spread that is no duration', { every: '5m', spread: 'wide' }, 'spread', 'bad-duration'],
    [
      'a policy nobody knows',
      { every: '5m', overlap: { policy: 'x' } },
      'overlap/policy',
      'not-one-of',
    ],
    [
      'an end before time began',
      { every: '5m', until: '1969-01-01T00:00:00Z' },
      'until',
      'out-of-range',
    ],
    ['the instant zero', { at: '1970-01-01T00:00:00Z' }, 'at', 'out-of-range'],
    [
      'an end before the beginning',
      { every: '5m', from: '2026-03-02T00:00:00Z', until: '2026-03-01T00:00:00Z' },
      'until',
      'bad-range',
    ],
  ])('names the field of %s', (_name, body, field, code) => {
    expect(preview(body).problems).toContainEqual(expect.objectContaining({ field, code }));
  });

  test('names a wrong policy and a wrong expression at once', () => {
    const { problems } = preview({ cron: '61 * * * *', timezone: 'UTC', spread: 'wide' });
    expect(problems.map(({ field }) => field).sort()).toEqual(['cron', 'spread']);
  });
});

test('warns of what an author may not expect', () => {
  const { lints } = preview({ cron: '0 0 13 * 5', timezone: 'UTC' });
  expect(lints.length).toBeGreaterThan(0);
  for (const { message } of lints) expect(message).toMatch(/^[A-Z0-9"].*\.$/s);
});

describe('a calendar', () => {
  const holidays = {
    id: 'c-1',
    name: 'Holidays',
    version: 3,
    days: { dates: [{ from: '2026-03-02', to: '2026-03-02' }], hours: [], times: [] },
  };
  const around = { calendars: [holidays], maintenances: [] };
  const daily = { cron: '0 9 * * *', timezone: 'UTC', count: 2 };
  const using = (action: string) => ({ ...daily, calendars: [{ calendarId: 'c-1', action }] });

  test('skips what it does not allow, and is named', () => {
    expect(preview(using('skip'), around).nextRuns).toMatchObject([
      { local: '2026-03-02T09:00:00', verdict: 'skipped', startsAt: null, by: 'Holidays' },
      { local: '2026-03-03T09:00:00', verdict: 'runs', by: null },
    ]);
  });

  test('moves it to the end of the time that is not allowed', () => {
    expect(preview(using('at_end'), around).nextRuns[0]).toMatchObject({
      verdict: 'moved',
      startsAt: new Date('2026-03-03T00:00:00Z'),
    });
  });

  test('may be one that nobody has saved yet', () => {
    const days = { dates: [{ from: '2026-03-02' }] };
    const inline = { ...daily, calendars: [{ days, action: 'skip' }] };
    const written = [{ ...holidays, id: 'inline-0', name: 'inline' }];
    const told = preview(inline, { calendars: written, maintenances: [] });
    expect(told.nextRuns[0]).toMatchObject({ verdict: 'skipped', by: 'inline' });
  });

  test('that allows nothing of what comes is worth a word', () => {
    const never = {
      ...holidays,
      days: { dates: [{ from: '2026-01-01', to: '2026-12-31' }], hours: [], times: [] },
    };
    const told = preview(using('skip'), { calendars: [never], maintenances: [] });
    expect(told.lints).toContainEqual(expect.objectContaining({ code: 'all-skipped' }));
  });
});

describe('the choices behind an expression', () => {
  test('give it byte for byte', () => {
    const { form, cron } = preview({ cron: '0 9 * * MON-FRI', timezone: 'UTC' });
    expect(cron).toBe('0 9 * * MON-FRI');
    expect(preview({ form, timezone: 'UTC' }).cron).toBe('0 9 * * MON-FRI');
  });

  test('say so when they can not express it', () => {
    expect(preview({ cron: '0 9 1-7 * 1', timezone: 'UTC' }).form).toBeNull();
  });
});

test('the spread of a schedule that has an id is known, and else said to be open', () => {
  const spread = { cron: '0 9 * * *', timezone: 'UTC', spread: '1h', count: 1 };
  const [run] = preview({ ...spread, id: 's-1' }).nextRuns;
  expect(run?.startsAt?.getTime()).toBeGreaterThan(run?.at.getTime() ?? 0);
  expect(preview(spread).lints).toContainEqual(expect.objectContaining({ code: 'spread-open' }));
});
