/** What the screens read of tasks and executions; one fragment for a query and its subscription. */
import { type FragmentOf, graphql } from './graphql.js';

export const ExecutionRowFragment = graphql(`
  fragment ExecutionRow on Execution {
    id
    taskId
    taskName
    type
    trigger
    status
    scheduledAt
    requestedAt
    startedAt
    completedAt
    durationMs
    attempt
    retryCount
    retryAt
    workerId
    error {
      code
      message
    }
    skipCause
    cancelRequested
    position
  }
`);

export type ExecutionRow = FragmentOf<typeof ExecutionRowFragment>;

export const TaskRowFragment = graphql(`
  fragment TaskRow on Task {
    id
    name
    description
    type
    status
    pauseReason
    schedules {
      id
      name
      cron
      every
      at
      rrule
      timezone
      dst
      enabled
      description
    }
    nextRun
    stats {
      totalRuns
      successfulRuns
      failedRuns
      averageDuration
      consecutiveFailures
      lastRun {
        executionId
        startedAt
        status
        duration
      }
    }
    recentExecutions(limit: 20) {
      id
      status
      durationMs
    }
    version
    position
  }
`);

export type TaskRow = FragmentOf<typeof TaskRowFragment>;

export const CostFragment = graphql(`
  fragment CostParts on Cost {
    compute
    api
    total
    currency
  }
`);

export const WaitsFragment = graphql(`
  fragment WaitsParts on Waits {
    plannerMs
    queueMs
    limitMs
    workerStartMs
    userCodeMs
    retryMs
    totalMs
  }
`);

export const AttemptRowFragment = graphql(
  `
    fragment AttemptRow on Attempt {
      attempt
      fence
      status
      workerId
      releasedAt
      startedAt
      endedAt
      waits {
        ...WaitsParts
      }
      cost {
        ...CostParts
      }
      usage
      error {
        code
        message
        stack
      }
    }
  `,
  [WaitsFragment, CostFragment],
);

export type AttemptRow = FragmentOf<typeof AttemptRowFragment>;
