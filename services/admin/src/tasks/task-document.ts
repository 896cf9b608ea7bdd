import { TaskRowFragment } from '../graphql/fragments.js';
import { type FragmentOf, graphql } from '../graphql/graphql.js';

export const TaskFragment = graphql(
  `
    fragment TaskWhole on Task {
      ...TaskRow
      target {
        automationId
        workflowId
        systemTask
      }
      parameters
      settings {
        timeout
        retryPolicy {
          maxRetries
          initialDelay
          backoffMultiplier
          maxDelay
          jitter
          finalErrors
          retriedErrors
          timeoutIsFinal
          lossIsFinal
        }
        deadLetter
        pool
        limitIds
        requiredLabels {
          key
          value
        }
        totalDeadline
        startDeadline
        stopGrace
        notifications {
          onSuccess
          onFailure
          channels
        }
        concurrencyLimit
        pauseAfterFailures
        limits {
          cpuSeconds
          memoryMb
          diskMb
          processes
        }
        priority
      }
      upcoming: schedules {
        id
        nextSlots(count: 5) {
          at
          startsAt
          verdict
          cause
          by
        }
      }
      whole: schedules {
        id
        name
        cron
        every
        anchor
        at
        rrule
        start
        timezone
        dst
        enabled
        from
        until
        maxRuns
        catchUp {
          mode
          window
          limit
        }
        startDeadline
        overlap {
          policy
          bufferLimit
        }
        spread
        jitter
        calendars {
          calendarId
          role
          action
        }
        parameters
      }
      createdAt
      updatedAt
      createdBy
      updatedBy
    }
  `,
  [TaskRowFragment],
);

export type TaskWhole = FragmentOf<typeof TaskFragment>;

export const TaskDocument = graphql(
  `
    query Task($id: ID!) {
      task(id: $id) {
        ...TaskWhole
      }
    }
  `,
  [TaskFragment],
);
