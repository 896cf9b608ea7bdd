import { describe, expect, test } from '@jest/globals';
import { inputOf, missingIn, newDraft, newSchedule, problemAt } from './draft.js';

describe('a draft', () => {
  test('sends the one target that fits its type', () => {
    const draft = { ...newDraft(), automationId: 'a1', systemTask: 'noop' };
    expect(inputOf(draft).target).toEqual({ automationId: 'a1' });
    expect(inputOf({ ...draft, type: 'system' }).target).toEqual({ systemTask: 'noop' });
  });

  test('never rewrites a cron expression', () => {
    const schedule = { ...newSchedule('UTC', 'k'), cron: ' 0  9-21 * * 1-5' };
    const input = inputOf({ ...newDraft(), schedules: [schedule] });
    expect(input.schedules[0]?.cron).toBe(' 0  9-21 * * 1-5');
    expect(input.schedules[0]).not.toHaveProperty('id');
  });

  test('sends the texts of the kind that is chosen, and what it has no field for as it came', () => {
    const kept = {
      anchor: '2026-01-01T00:00:00.000Z',
      overlap: { policy: 'buffer_one', bufferLimit: null },
      catchUp: { mode: 'all', window: '2h', limit: null },
      maxRuns: null,
    };
    const schedule = { ...newSchedule('UTC', 'k'), kind: 'every' as const, every: '90s', kept };
    const [input] = inputOf({ ...newDraft(), schedules: [schedule] }).schedules;
    expect(input).toEqual({
      every: '90s',
      anchor: '2026-01-01T00:00:00.000Z',
      overlap: { policy: 'buffer_one' },
      catchUp: { mode: 'all', window: '2h' },
      timezone: 'UTC',
      dst: 'vixie',
      enabled: true,
    });
    const [cron] = inputOf({ ...newDraft(), schedules: [{ ...schedule, kind: 'cron' }] }).schedules;
    expect(cron).not.toHaveProperty('every');
    expect(cron).not.toHaveProperty('anchor');
  });

  test('sends the parameters of a schedule as they are, nulls and all', () => {
    const kept = { parameters: { a: null, b: [{ c: null }] }, jitter: null };
    const schedules = [{ ...newSchedule('UTC', 'k'), kept }];
    const [input] = inputOf({ ...newDraft(), schedules }).schedules;
    expect(input).toHaveProperty('parameters', { a: null, b: [{ c: null }] });
    expect(input).not.toHaveProperty('jitter');
  });

  test('sends no name of a type that an answer brought along', () => {
    const use = { __typename: 'CalendarUse', calendarId: 'c', role: 'include', action: 'skip' };
    const schedules = [{ ...newSchedule('UTC', 'k'), kept: { calendars: [use] } }];
    const [input] = inputOf({ ...newDraft(), schedules }).schedules;
    expect(input?.calendars).toEqual([{ calendarId: 'c', role: 'include', action: 'skip' }]);
  });

  test('leaves out what was left empty', () => {
    const { settings } = inputOf({ ...newDraft(), timeout: '', concurrencyLimit: '' });
    expect(settings.timeout).toBeUndefined();
    expect(settings.concurrencyLimit).toBeUndefined();
  });

  test('names what is missing before it is sent', () => {
    expect(missingIn(newDraft()).map((problem) => problem.field)).toEqual(['/name', '/target']);
    expect(missingIn({ ...newDraft(), name: 'a', type: 'system' })).toEqual([]);
  });
});

test('a problem inside a field is shown at the field', () => {
  const problems = [{ field: '/schedules/1/cron', message: 'Wrong.', remedy: 'Mend it.' }];
  expect(problemAt(problems, '/schedules/1')).toBe('Wrong. Mend it.');
  expect(problemAt(problems, '/schedules/11')).toBeUndefined();
});
