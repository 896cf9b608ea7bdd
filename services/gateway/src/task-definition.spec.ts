import { describe, expect, test } from '@jest/globals';
import { task as t } from '#libs/contracts';
import { taskInputShape, taskPatchShape } from './shapes/task-input.js';
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
        { cron: '0 9 * * 1-5', timezone: 'America/New_York', dst: 'vixie', enabled: true },
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
