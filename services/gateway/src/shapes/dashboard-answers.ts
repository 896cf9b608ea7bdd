import { z } from 'zod';
import { executionAnswer } from './execution-answers.js';
import { instant } from './told.js';

export const dashboardAnswer = z.object({
  serverTime: instant,
  overview: z.object({
    activeTasks: z.int(),
    pausedTasks: z.int(),
    runningExecutions: z.int(),
    queuedExecutions: z.int(),
    todayExecutions: z.int(),
    todaySuccessRate: z.number().meta({ description: '0..1; 1 when nothing has ended today.' }),
  }),
  recentExecutions: z.array(executionAnswer),
  upcomingRuns: z.array(
    z.object({ taskId: z.string(), taskName: z.string(), scheduledAt: instant }),
  ),
  failedTasks: z.array(
    z.object({
      taskId: z.string(),
      taskName: z.string(),
      lastFailure: instant,
      consecutiveFailures: z.int(),
      lastError: z.string().optional(),
    }),
  ),
  resourceUsage: z.object({
    cpuUtilization: z.number().meta({ description: '0..1' }),
    memoryUtilization: z.number().meta({ description: '0..1' }),
    activeWorkers: z.int(),
    queueDepth: z.int(),
  }),
});
export type DashboardAnswer = z.output<typeof dashboardAnswer>;
