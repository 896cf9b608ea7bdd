import { ExecutionRowFragment } from '../graphql/fragments.js';
import { type FragmentOf, graphql } from '../graphql/graphql.js';

const RunFragment = graphql(
  `
    fragment Run on Execution {
      ...ExecutionRow
      pool
      priority
      parameters
      output
      retryOf
      blockingExecutionId
      skipDetail
      waitingFor {
        cause
        says
        queuePosition
        estimatedStart
        until
      }
      actor
      error {
        code
        message
        stack
      }
      artifacts {
        name
        mediaType
        sizeBytes
        url
      }
      attempts {
        attempt
        fence
        status
        workerId
        releasedAt
        startedAt
        endedAt
        queueMs
        limitMs
        error {
          code
          message
          stack
        }
        artifacts {
          name
          mediaType
          sizeBytes
          url
        }
        usage
      }
    }
  `,
  [ExecutionRowFragment],
);

export type Run = FragmentOf<typeof RunFragment>;
export type RunAttempt = Run['attempts'][number];
export type RunArtifact = Run['artifacts'][number];

export const RunDocument = graphql(
  `
    query Run($id: ID!) {
      execution(id: $id) {
        ...Run
      }
    }
  `,
  [RunFragment],
);

export const RunChangedDocument = graphql(
  `
    subscription RunChanged($id: ID!) {
      executionChanged(id: $id) {
        ...Run
      }
    }
  `,
  [RunFragment],
);
