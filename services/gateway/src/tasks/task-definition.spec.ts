import { describe, expect, test } from '@jest/globals';
import { task as t } from '#libs/contracts';
import { toldSchedule } from '../schedules/told-schedule.js';
import { scheduleShape } from '../shapes/schedule-input.js';
import { taskInputShape, taskPatchShape } from '../shapes/task-input.js';
import { completeTask, draftOf, patchTask } from './task-definition.js';

const given = {
  name: 'Daily report',
  type: 'system',
  target: { systemTask: 'noop' },
  schedule: { cron: '0 9 * * 1-5', timezone: 'America/New_York' },
};
const complete = completeTask(taskInputShape.parse(given));
const patched = (patch: object) => patchTask(complete, taskPatchShape.parse(patch));

describe('a task of which little is said', () => {
  test('gets the defaults of the domain', () => {
    expect(complete).toEqual({
      name: 'Daily report',
      description: '',
      type: 'system',
      target: { systemTask: 'noop' },
      schedules: [
        {
          name: '',
          timing: { cron: '0 9 * * 1-5' },
          zone: 'America/New_York',
          dst: 'vixie',
          enabled: true,
          catchUp: { mode: 'latest' },
          overlap: { policy: 'skip' },
          calendars: [],
        },
      ],
      parameters: {},
      settings: {
        timeout: 30,
        retryPolicy: { maxRetries: 0, initialDelay: 10, backoffMultiplier: 2, maxDelay: 3_600 },
        notifications: { onSuccess: false, onFailure: false, channels: [] },
        priority: 'normal',
      },
      enabled: true,
    });
  });

  test('may have no schedule, when it says so', () => {
    const { schedule: _, ...rest } = given;
    expect(completeTask(taskInputShape.parse({ ...rest, schedules: [] })).schedules).toEqual([]);
  });
});

describe('a partial change', () => {
  test('leaves alone what it does not name', () => {
    expect(patched({})).toEqual(complete);
    expect(patched({ name: 'Weekly report' })).toEqual({ ...complete, name: 'Weekly report' });
  });

  test('merges settings, and replaces parameters, target and schedules', () => {
    const { settings } = patched({ settings: { retryPolicy: { maxRetries: 3 } } });
    expect(settings.retryPolicy).toEqual({ ...complete.settings.retryPolicy, maxRetries: 3 });
    expect(patched({ parameters: { a: 1 } }).parameters).toEqual({ a: 1 });
    expect(patched({ schedules: [] }).schedules).toEqual([]);
  });

  test('takes a limit away with null', () => {
    const limited = patched({ settings: { concurrencyLimit: 2 } });
    expect(limited.settings.concurrencyLimit).toBe(2);
    const free = patchTask(limited, taskPatchShape.parse({ settings: { concurrencyLimit: null } }));
    expect(free.settings).not.toHaveProperty('concurrencyLimit');
  });
});

test('goes to the log in milliseconds, with the words of the log', () => {
  const draft = draftOf(
    patched({ settings: { timeout: 0.5, retryPolicy: { initialDelay: 1.5 }, priority: 'low' } }),
  );
  expect(draft).toMatchObject({
    type: t.TaskType.SYSTEM,
    parametersJson: '{}',
    settings: {
      timeoutMs: 30_000,
      concurrencyLimit: 0,
      priority: t.Priority.LOW,
      retryPolicy: { initialDelayMs: 1_500, maxDelayMs: 3_600_000 },
    },
    schedules: [{ id: '', zone: 'America/New_York', dst: t.DstPolicy.VIXIE, enabled: true }],
  });
});

describe('a schedule with all that can be said', () => {
  const said = {
    name: 'Nightly',
    every: 'PT1H30M',
    anchor: '2026-01-01T00:00:00+01:00',
    timezone: 'Europe/Berlin',
    from: '2026-02-01T00:00:00Z',
    until: '2026-03-01T00:00:00Z',
    maxRuns: 10,
    catchUp: { mode: 'all', window: '2d', limit: 5 },
    startDeadline: '10m',
    overlap: { policy: 'buffer_all', bufferLimit: 7 },
    spread: '5m',
    jitter: '90s',
    calendars: [{ calendarId: 'c-1', role: 'include', action: 'next_day' }],
    parameters: { a: 1 },
  };
  const whole = completeTask(
    taskInputShape.parse({ ...given, schedule: undefined, schedules: [said] }),
  );

  test('goes to the log in its words and in milliseconds', () => {
    expect(draftOf(whole).schedules[0]).toMatchObject({
      name: 'Nightly',
      cron: '',
      every: { everyMs: 5_400_000, anchorMs: Date.UTC(2025, 11, 31, 23) },
      fromMs: Date.UTC(2026, 1, 1),
      untilMs: Date.UTC(2026, 2, 1),
      maxRuns: 10,
      catchUp: { mode: t.CatchUpMode.ALL, windowMs: 172_800_000, limit: 5 },
      startDeadlineMs: 600_000,
      overlap: { policy: t.OverlapPolicy.BUFFER_ALL, bufferLimit: 7 },
      spreadMs: 300_000,
      jitterMs: 90_000,
      calendars: [
        {
          calendarId: 'c-1',
          role: t.CalendarRole.INCLUDE,
          action: t.CalendarAction.NEXT_DAY,
        },
      ],
      parametersJson: '{"a":1}',
    });
  });

  test('is told in the very words that it takes', () => {
    const [schedule] = whole.schedules;
    const told = schedule && toldSchedule(schedule);
    expect(told).toEqual({
      ...said,
      every: '1h30m',
      anchor: '2025-12-31T23:00:00.000Z',
      from: '2026-02-01T00:00:00.000Z',
      until: '2026-03-01T00:00:00.000Z',
      dst: 'vixie',
      enabled: true,
      jitter: '1m30s',
    });
    expect(scheduleShape.safeParse(told).success).toBe(true);
  });
});

test('default policies are left unsaid, so that saying them is no change', () => {
  const spoken = { ...given.schedule, catchUp: { mode: 'latest' }, overlap: { policy: 'skip' } };
  const [silent] = draftOf(complete).schedules;
  const [loud] = draftOf(
    completeTask(taskInputShape.parse({ ...given, schedule: spoken })),
  ).schedules;
  expect(loud).toEqual(silent);
});
