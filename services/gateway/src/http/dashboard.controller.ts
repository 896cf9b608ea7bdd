import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { readDashboard } from '../live/dashboard.js';
import { type DashboardAnswer, dashboardAnswer } from '../shapes/dashboard-answers.js';
import { type ApiCall, Call } from './call.js';
import { Answers } from './documented.js';
import { executionAnswerOf } from './execution-answers.js';

@ApiTags('overview')
@Controller('api/scheduler')
export class DashboardController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Get('dashboard')
  @Answers({ status: 200, says: 'How everything stands right now.', is: dashboardAnswer })
  async dashboard(@Call() { account }: ApiCall): Promise<DashboardAnswer> {
    const data = await readDashboard({ ...this.parts, account });
    return {
      serverTime: data.serverTime.toISOString(),
      // The answer has to be a number; without a run nothing has failed.
      overview: { ...data.overview, todaySuccessRate: data.overview.todaySuccessRate ?? 1 },
      recentExecutions: data.recent.map(executionAnswerOf),
      upcomingRuns: data.upcoming.map(({ taskId, taskName, scheduledAt }) => ({
        taskId,
        taskName,
        scheduledAt: scheduledAt.toISOString(),
      })),
      failedTasks: data.failing.map((one) => ({
        taskId: one.taskId,
        taskName: one.taskName,
        lastFailure: one.lastFailure.toISOString(),
        consecutiveFailures: one.consecutiveFailures,
        ...(one.lastError === null ? {} : { lastError: one.lastError }),
      })),
      resourceUsage: data.usage,
    };
  }
}
