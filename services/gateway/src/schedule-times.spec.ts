import { describe, expect, test } from '@jest/globals';
import { nextRunsOfAll, previewSchedule } from './schedule-times.js';

const NOON = Date.UTC(2026, 2, 1, 12);
const every = (minutes: number, enabled = true) => ({
  cron: `*/${minutes} * * * *`,
  zone: 'UTC',
  dst: 'vixie',
  enabled,
});

test('the next runs of a task are those of all its schedules, each instant once', () => {
  const next = nextRunsOfAll([every(20), every(30), every(1, false)], NOON, 4);
  expect(next.map((ms) => (ms - NOON) / 60_000)).toEqual([20, 30, 40, 60]);
});

test('a schedule that this build cannot read has no next run, and hides no other', () => {
  const strange = { ...every(20), cron: 'whenever' };
  expect(nextRunsOfAll([strange, every(30)], NOON, 1)).toEqual([NOON + 30 * 60_000]);
});

describe('a preview', () => {
  test('tells instants with their local time and offset, also where the clocks change', () => {
    const beforeChange = Date.UTC(2026, 2, 8, 5);
    const preview = previewSchedule(
      { cron: '30 1,3 * * *', timezone: 'America/New_York', count: 2 },
      beforeChange,
    );
    expect(preview).toMatchObject({ valid: true, problems: [] });
    expect(preview.nextRuns).toEqual([
      { at: new Date('2026-03-08T06:30:00Z'), local: '2026-03-08T01:30:00', offset: '-05:00' },
      { at: new Date('2026-03-08T07:30:00Z'), local: '2026-03-08T03:30:00', offset: '-04:00' },
    ]);
    expect(preview.description).not.toBe('');
  });

  test('tells what is wrong, and says nothing else', () => {
    const preview = previewSchedule({ cron: '0 25 * * *', timezone: 'Nowhere' }, NOON);
    expect(preview).toMatchObject({ valid: false, description: '', nextRuns: [], lints: [] });
    expect(preview.problems.map(({ field }) => field).sort()).toEqual(['cron', 'timezone']);
  });

  test('warns of what an author may not expect', () => {
    const { lints } = previewSchedule({ cron: '0 0 13 * 5', timezone: 'UTC' }, NOON);
    expect(lints.length).toBeGreaterThan(0);
    for (const { message } of lints) expect(message).toMatch(/^[A-Z0-9"].*\.$/s);
  });
});
