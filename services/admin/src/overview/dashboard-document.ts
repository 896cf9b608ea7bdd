import { ExecutionRowFragment } from '../graphql/fragments.js';
import { type FragmentOf, graphql } from '../graphql/graphql.js';

const DashboardFragment = graphql(
  `
    fragment DashboardParts on Dashboard {
      serverTime
      overview {
        activeTasks
        pausedTasks
        runningExecutions
        queuedExecutions
        todayExecutions
        todaySuccessRate
      }
      running {
        ...ExecutionRow
      }
      recentExecutions {
        ...ExecutionRow
      }
      upcomingRuns {
        taskId
        taskName
        scheduledAt
        scheduleId
      }
      failedTasks {
        taskId
        taskName
        lastFailure
        consecutiveFailures
        lastError
        lastExecutionId
      }
      resourceUsage {
        cpuUtilization
        memoryUtilization
        activeWorkers
        queueDepth
      }
      workers {
        id
        host
        pools {
          pool
          slots
          free
        }
        draining
        startedAt
        isolation
        isolationLacks
        region
        labels {
          key
          value
        }
        cpuCores
        memoryBytes
        heartbeatAgeMs
        cpuUtilization
        memoryUtilization
        running
      }
      hours {
        hour
        success
        failed
        timeout
        cancelled
      }
    }
  `,
  [ExecutionRowFragment],
);

export type Dashboard = FragmentOf<typeof DashboardFragment>;

export const DashboardDocument = graphql(
  `
    query Dashboard {
      dashboard {
        ...DashboardParts
      }
    }
  `,
  [DashboardFragment],
);

export const DashboardTickDocument = graphql(
  `
    subscription DashboardTick {
      dashboardTick {
        ...DashboardParts
      }
    }
  `,
  [DashboardFragment],
);
