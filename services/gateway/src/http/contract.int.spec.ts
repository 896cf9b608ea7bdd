import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { LOCAL_ACCOUNT } from '../identity.js';
import { type GatewayUnderTest, gatewayUnderTest } from '../testing/gateway-under-test.js';
import { BASE_MS, executionRow, logRow, scheduleRow, taskRow } from '../testing/rows.js';

// The contract that the API was asked for, endpoint by endpoint: whoever writes a client by it finds
// method, address, query, body, and every field of the answer. What is told beyond it is let through.

const instant = z.iso.datetime();
const text = z.string();
const count = z.int();
const anything = z.record(z.string(), z.unknown());

const executionStatus = z.enum(['queued', 'running', 'success', 'failed', 'timeout', 'cancelled']);
const execution = z.object({
  id: text,
  taskId: text,
  // A slot that was skipped is a row of the history, too.
  status: z.union([executionStatus, z.literal('skipped')]),
  trigger: z.enum(['scheduled', 'manual', 'retry', 'catch_up', 'backfill']),
  scheduledAt: instant.optional(),
  // Until it starts there is no such time.
  startedAt: instant.nullable(),
  completedAt: instant.optional(),
  duration: z.number().optional(),
  retryCount: count,
  error: z.object({ message: text, code: text, stack: text.optional() }).optional(),
  output: z.unknown().optional(),
  cost: z.object({ compute: z.number(), api: z.number(), total: z.number() }).optional(),
});

const settings = z.object({
  timeout: z.number(),
  retryPolicy: z.object({
    maxRetries: count,
    initialDelay: z.number(),
    backoffMultiplier: z.number(),
  }),
  notifications: z.object({
    onSuccess: z.boolean(),
    onFailure: z.boolean(),
    channels: z.array(text),
  }),
  concurrencyLimit: count.optional(),
  priority: z.enum(['low', 'normal', 'high', 'critical']).optional(),
});

const task = z.object({
  id: text,
  name: text,
  description: text.optional(),
  type: z.enum(['browser_automation', 'workflow', 'system']),
  target: z.object({
    automationId: text.optional(),
    workflowId: text.optional(),
    systemTask: text.optional(),
  }),
  schedule: z.object({
    cron: text,
    cronDescription: text,
    timezone: text,
    nextRuns: z.array(instant).length(5),
  }),
  parameters: anything,
  settings,
  status: z.enum(['active', 'paused', 'disabled']),
  stats: z.object({
    totalRuns: count,
    successfulRuns: count,
    failedRuns: count,
    averageDuration: z.number(),
    lastRun: z.object({
      executionId: text,
      startedAt: instant,
      status: text,
      duration: z.number(),
    }),
  }),
  createdAt: instant,
  updatedAt: instant,
});

const body = {
  name: 'Daily report',
  description: 'What was sold yesterday.',
  type: 'system',
  target: { systemTask: 'noop' },
  schedule: { cron: '0 9 * * 1-5', timezone: 'America/New_York' },
  parameters: { durationMs: 1 },
  settings: {
    timeout: 30,
    retryPolicy: { maxRetries: 3, initialDelay: 10, backoffMultiplier: 2 },
    notifications: { onSuccess: false, onFailure: true, channels: ['mail:ops@example.org'] },
    concurrencyLimit: 1,
    priority: 'high',
  },
  enabled: true,
};
const range = `dateRange[start]=${new Date(BASE_MS - 1).toISOString()}&dateRange[end]=${new Date(BASE_MS + 86_400_000).toISOString()}`;

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await gatewayUnderTest({ adminDir: '/nowhere' });
  const { db } = gateway;
  const row = taskRow('daily', { settings: JSON.stringify(body.settings) });
  await db.insertInto('task').values(row).execute();
  await db.insertInto('schedule').values(scheduleRow('s-1', 'daily')).execute();
  const stats = {
    account: LOCAL_ACCOUNT,
    task_id: 'daily',
    total_runs: 3,
    successful_runs: 1,
    failed_runs: 2,
    duration_sum_ms: 30,
    duration_count: 3,
    consecutive_failures: 2,
    last_execution_id: 'e-2',
    last_started_at: new Date(BASE_MS),
    last_status: 'failed',
    last_duration_ms: 7,
    last_failure_at: new Date(BASE_MS),
  };
  await db.insertInto('task_stats').values(stats).execute();
  const error = JSON.stringify({ message: 'No.', code: 'BROKEN', stack: 'at x' });
  await db
    .insertInto('execution')
    .values([
      executionRow('e-1', 1, { output: JSON.stringify({ rows: 3 }) }),
      executionRow('e-2', 2, { status: 'failed', error }),
      executionRow('e-3', 3, { status: 'queued', started_at: null, trigger: 'manual' }),
    ])
    .execute();
  const line = { ...logRow('e-1', 1, 0), level: 'error', metadata: JSON.stringify({ a: 1 }) };
  await db
    .insertInto('log_line')
    .values([line, logRow('e-1', 1, 1)])
    .execute();
});
afterAll(() => gateway?.stop());

const executionPage = z.object({
  executions: z.array(execution),
  pagination: z.object({ total: count, limit: count, offset: count }),
});
const statuses = ['success', 'failed', 'running', 'cancelled'];

test.each<[string, string, number, z.ZodType, unknown?]>([
  [
    'POST',
    '/tasks',
    201,
    z.object({
      taskId: text,
      name: text,
      nextRun: instant,
      status: z.literal('active'),
      createdAt: instant,
    }),
    body,
  ],
  [
    'POST',
    '/tasks',
    201,
    // What is paused has no next run.
    z.object({ taskId: text, nextRun: z.null(), status: z.literal('paused') }),
    { ...body, enabled: false },
  ],
  ['GET', '/tasks/daily', 200, task],
  [
    'POST',
    '/tasks/daily/run',
    202,
    z.object({
      executionId: text,
      taskId: z.literal('daily'),
      status: z.literal('queued'),
      queuePosition: count,
      // Null while nobody can tell.
      estimatedStart: instant.nullable(),
    }),
    { parameters: { durationMs: 5 }, priority: 'critical' },
  ],
  ['GET', '/tasks/daily/executions', 200, executionPage],
  ...statuses.map((status): [string, string, number, z.ZodType] => [
    'GET',
    `/tasks/daily/executions?status=${status}&${range}&limit=10&offset=0`,
    200,
    executionPage.refine(({ executions }) => executions.every((one) => one.status === status)),
  ]),
  [
    'GET',
    '/executions/e-1/logs?level=error&limit=1',
    200,
    z.object({
      executionId: z.literal('e-1'),
      logs: z
        .array(
          z.object({
            timestamp: instant,
            level: z.literal('error'),
            message: text,
            metadata: anything.optional(),
          }),
        )
        .length(1),
      hasMore: z.literal(false),
      cursor: text.optional(),
    }),
  ],
  ...['pause', 'resume', 'delete'].map((action): [string, string, number, z.ZodType, unknown] => [
    'POST',
    '/tasks/bulk',
    200,
    z.object({
      success: z.array(text).length(1),
      failed: z.array(z.object({ taskId: text, error: text })),
    }),
    { action, taskIds: ['daily'] },
  ]),
  [
    'GET',
    '/dashboard',
    200,
    z.object({
      overview: z.object({
        activeTasks: count,
        pausedTasks: count,
        runningExecutions: count,
        queuedExecutions: count,
        todayExecutions: count,
        todaySuccessRate: z.number(),
      }),
      recentExecutions: z.array(execution).min(1),
      upcomingRuns: z
        .array(z.object({ taskId: text, taskName: text, scheduledAt: instant }))
        .min(1),
      failedTasks: z
        .array(
          z.object({
            taskId: text,
            taskName: text,
            lastFailure: instant,
            consecutiveFailures: count,
          }),
        )
        .min(1),
      resourceUsage: z.object({
        cpuUtilization: z.number(),
        memoryUtilization: z.number(),
        activeWorkers: count,
        queueDepth: count,
      }),
    }),
  ],
])('%s /api/scheduler%s answers %i in the shape of the contract', async (...row) => {
  const [method, path, status, shape, sent] = row;
  const answer = await gateway.send(method, `/api/scheduler${path}`, sent);
  expect({ status: answer.status, fault: answer.json.errors }).toEqual({
    status,
    fault: undefined,
  });
  expect(z.safeParse(shape, answer.json).error?.issues).toBeUndefined();
});

test('the cursor of a log goes on where it ended', async () => {
  const first = await gateway.send('GET', '/api/scheduler/executions/e-1/logs?limit=1');
  expect(first.json).toMatchObject({ hasMore: true, cursor: expect.any(String) });
  const path = `/api/scheduler/executions/e-1/logs?limit=1&after=${first.json.cursor}`;
  expect((await gateway.send('GET', path)).json).toMatchObject({ hasMore: false });
});

test('OpenAPI names every address of the contract', async () => {
  const { json } = await gateway.send('GET', '/api/docs/openapi.json');
  const told = Object.entries<object>(json.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(told).toEqual(
    expect.arrayContaining([
      'post /api/scheduler/tasks',
      'get /api/scheduler/tasks/{taskId}',
      'post /api/scheduler/tasks/{taskId}/run',
      'get /api/scheduler/tasks/{taskId}/executions',
      'get /api/scheduler/executions/{executionId}/logs',
      'post /api/scheduler/tasks/bulk',
      'get /api/scheduler/dashboard',
    ]),
  );
});
