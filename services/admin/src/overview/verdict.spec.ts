import { expect, test } from '@jest/globals';
import { verdictOf } from './verdict.js';

const failing = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    taskId: `t${n}`,
    taskName: 'Report',
    lastFailure: '2026-01-15T14:03:07.000Z',
    consecutiveFailures: 2,
    lastError: null,
    lastExecutionId: null,
  }));
const seen = (failed: number, queued: number, workers = 1) => ({
  failedTasks: failing(failed),
  overview: {
    activeTasks: 3,
    pausedTasks: 0,
    runningExecutions: 0,
    queuedExecutions: queued,
    todayExecutions: 0,
    todaySuccessRate: null,
  },
  resourceUsage: {
    cpuUtilization: 0,
    memoryUtilization: 0,
    activeWorkers: workers,
    queueDepth: 0,
  },
});

test('the verdict is quiet when nothing fails and nothing waits', () => {
  expect(verdictOf(seen(0, 2))).toEqual({
    status: 'success',
    head: 'All quiet',
    rest: 'the queue is keeping up',
  });
});

test('the verdict names failing tasks first', () => {
  expect(verdictOf(seen(1, 0))).toMatchObject({ status: 'failed', head: '1 task is failing' });
  expect(verdictOf(seen(3, 40))).toMatchObject({
    head: '3 tasks are failing',
    rest: '40 runs are waiting',
  });
});

test('without a worker nothing can run, and the verdict says so', () => {
  expect(verdictOf(seen(0, 0, 0))).toMatchObject({
    status: 'timeout',
    rest: 'no worker is connected, nothing can run',
  });
});
