import { describe, expect, test } from '@jest/globals';
import { settingsShape, type TaskInputShape } from '../shapes/task-input.js';
import { completeTask, draftOf, patchTask } from './task-definition.js';

const task = completeTask({
  name: 'T',
  type: 'system',
  target: { systemTask: 'shell.run' },
  schedules: [],
  settings: { limits: { memoryMb: 1_024, processes: 64 } },
} as TaskInputShape);

describe('the limits of an attempt', () => {
  test('are those that the task sets, and go into the log as they are', () => {
    expect(task.settings.limits).toEqual({ memoryMb: 1_024, processes: 64 });
    expect(draftOf(task).settings?.limits).toMatchObject({ memoryMb: 1_024, cpuSeconds: 0 });
  });

  test('are changed one by one, and null takes one back to its default', () => {
    const patched = patchTask(task, { settings: { limits: { memoryMb: null, diskMb: 32 } } });
    expect(patched.settings.limits).toEqual({ processes: 64, diskMb: 32 });
    const none = patchTask(patched, { settings: { limits: { processes: null, diskMb: null } } });
    expect(none.settings).not.toHaveProperty('limits');
  });

  test.each([
    ['cpuSeconds', 0],
    ['memoryMb', 127],
    ['diskMb', 1e9],
    ['processes', 1.5],
    ['cpuMinutes', 1],
  ])('%s of %d is refused by its field', (name, value) => {
    const result = settingsShape.safeParse({ limits: { [name]: value } });
    expect(result.error?.issues[0]?.path[0]).toBe('limits');
  });
});
