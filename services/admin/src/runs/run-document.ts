import {
  AttemptRowFragment,
  CostFragment,
  ExecutionRowFragment,
  WaitsFragment,
} from '../graphql/fragments.js';
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
      waits {
        ...WaitsParts
      }
      cost {
        ...CostParts
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
        ...AttemptRow
        artifacts {
          name
          mediaType
          sizeBytes
          url
        }
      }
    }
  `,
  [ExecutionRowFragment, AttemptRowFragment, WaitsFragment, CostFragment],
);

export type Run = FragmentOf<typeof RunFragment>;
export type RunWaits = NonNullable<Run['waits']>;
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
