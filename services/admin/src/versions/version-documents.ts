import { mutate, ProblemFragment } from '../graphql/actions.js';
import { graphql, type ResultOf } from '../graphql/graphql.js';

export const VersionsDocument = graphql(`
  query Versions($id: ID!) {
    task(id: $id) {
      id
      schedules {
        id
        name
        description
        versions {
          version
          kind
          author
          note
          validFrom
          validUntil
          taskPaused
          definition {
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
            startDeadline
            spread
            jitter
            catchUp {
              mode
              window
              limit
            }
            overlap {
              policy
              bufferLimit
            }
            calendars {
              calendarId
              role
              action
            }
            parameters
          }
        }
      }
    }
  }
`);

type VersionedTask = NonNullable<ResultOf<typeof VersionsDocument>['task']>;
export type VersionedSchedule = VersionedTask['schedules'][number];
export type Version = VersionedSchedule['versions'][number];

export const PreviewChangeDocument = graphql(`
  query PreviewChange($taskId: ID!, $scheduleId: ID!, $input: ScheduleChangeInput!) {
    previewScheduleChange(taskId: $taskId, scheduleId: $scheduleId, input: $input) {
      addedCount
      removedCount
      unchangedCount
      comparedUntil
      added {
        at
      }
      removed {
        at
      }
    }
  }
`);

const RestoreDocument = graphql(
  `
    mutation RestoreVersion($taskId: ID!, $scheduleId: ID!, $version: Int!, $note: String) {
      restoreScheduleVersion(
        taskId: $taskId
        scheduleId: $scheduleId
        version: $version
        note: $note
      ) {
        __typename
        ... on Task {
          id
          name
        }
        ...ProblemParts
      }
    }
  `,
  [ProblemFragment],
);

export const restoreVersion = (
  taskId: string,
  scheduleId: string,
  version: number,
  note: string | undefined,
) => mutate(RestoreDocument, { taskId, scheduleId, version, note });
