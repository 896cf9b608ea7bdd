import { type DashboardData } from '../../live/dashboard.js';
import { type AutomationRow } from '../../queries/automations.js';
import { type Dashboard } from '../types/dashboard-types.js';
import { Automation } from '../types/result-types.js';
import { executionView } from './execution-views.js';
/** From rows to the shapes of the schema; each conversion is one function. */

export function automationView(row: AutomationRow): Automation {
  return Object.assign(new Automation(), {
    __typename: 'Automation',
    id: row.id,
    name: row.name,
    version: row.version,
    flow: row.flow,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  });
}

export function dashboardView(data: DashboardData): Dashboard {
  return {
    serverTime: data.serverTime,
    overview: data.overview,
    running: data.running.map(executionView),
    recentExecutions: data.recent.map(executionView),
    upcomingRuns: [...data.upcoming],
    failedTasks: [...data.failing],
    resourceUsage: data.usage,
    workers: data.workers.map((worker) => ({
      ...worker,
      pools: [...worker.pools],
      labels: [...worker.labels],
    })),
    hours: [...data.hours],
  };
}
