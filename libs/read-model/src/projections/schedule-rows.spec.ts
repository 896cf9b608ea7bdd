import { expect, test } from '@jest/globals';
import { create, type MessageInitShape, task as t } from '#libs/contracts';
import { definitionJson, scheduleRow } from './schedule-rows.js';

const NINE = Date.UTC(2026, 10, 23, 9);

function definitionOf(said: MessageInitShape<typeof t.ScheduleSchema>) {
  const schedule = create(t.ScheduleSchema, { id: 's1', zone: 'UTC', enabled: true, ...said });
  return JSON.parse(definitionJson(scheduleRow(schedule, { account: 'acme', id: 'report' })));
}

const PLAIN = {
  name: '',
  zone: 'UTC',
  dst: 'vixie',
  enabled: true,
  catchUp: { mode: 'latest' },
  overlap: { policy: 'skip' },
  calendars: [],
};

test('a schedule that says nothing of policies has the defaults', () => {
  expect(definitionOf({ cron: '0 9 * * *' })).toEqual({ ...PLAIN, timing: { cron: '0 9 * * *' } });
});

test.each([
  [
    { every: { everyMs: 90_000, anchorMs: NINE } },
    { every: 90_000, anchor: '2026-11-23T09:00:00.000Z' },
  ],
  [{ atMs: NINE }, { at: '2026-11-23T09:00:00.000Z' }],
  [
    { recurrence: { rule: 'FREQ=DAILY', start: '2026-11-23T09:00:00' } },
    { rrule: 'FREQ=DAILY', start: '2026-11-23T09:00:00' },
  ],
])('tells how it rings, one of four: %j', (said, timing) => {
  expect(definitionOf(said)).toEqual({ ...PLAIN, timing });
});

test('policies are in seconds and words, and a limit that is not set is left out', () => {
  expect(
    definitionOf({
      cron: '* * * * *',
      name: 'Night',
      fromMs: NINE,
      untilMs: NINE + 1_000,
      maxRuns: 5,
      catchUp: { mode: t.CatchUpMode.ALL, windowMs: 1_500, limit: 3 },
      startDeadlineMs: 60_000,
      overlap: { policy: t.OverlapPolicy.BUFFER_ALL, bufferLimit: 7 },
      spreadMs: 30_000,
      jitterMs: 250,
      calendars: [
        {
          calendarId: 'holidays',
          role: t.CalendarRole.EXCLUDE,
          action: t.CalendarAction.NEXT_DAY,
        },
      ],
      parametersJson: '{"deep":{"n":1e21}}',
    }),
  ).toEqual({
    ...PLAIN,
    name: 'Night',
    timing: { cron: '* * * * *' },
    from: '2026-11-23T09:00:00.000Z',
    until: '2026-11-23T09:00:01.000Z',
    maxRuns: 5,
    catchUp: { mode: 'all', windowSeconds: 1.5, limit: 3 },
    startDeadlineSeconds: 60,
    overlap: { policy: 'buffer_all', bufferLimit: 7 },
    spreadSeconds: 30,
    jitterSeconds: 0.25,
    calendars: [{ calendarId: 'holidays', role: 'exclude', action: 'next_day' }],
    parameters: { deep: { n: 1e21 } },
  });
});
