/** What starts a run, and what ends one. */
import { mutate, newKey, ProblemFragment } from '../graphql/actions.js';
import { type FragmentOf, graphql } from '../graphql/graphql.js';
import type { Priority } from '../words.js';

const AcceptedFragment = graphql(`
  fragment RunAcceptedParts on RunAccepted {
    executionId
    queuePosition
  }
`);

export type RunAccepted = FragmentOf<typeof AcceptedFragment>;

const RunTaskDocument = graphql(
  `
    mutation RunTask($id: ID!, $parameters: JSON, $priority: Priority, $key: String) {
      runTask(id: $id, parameters: $parameters, priority: $priority, idempotencyKey: $key) {
        __typename
        ...RunAcceptedParts
        ...ProblemParts
      }
    }
  `,
  [AcceptedFragment, ProblemFragment],
);

const RetryDocument = graphql(
  `
    mutation RetryExecution($id: ID!, $key: String) {
      retryExecution(id: $id, idempotencyKey: $key) {
        __typename
        ...RunAcceptedParts
        ...ProblemParts
      }
    }
  `,
  [AcceptedFragment, ProblemFragment],
);

const CancelDocument = graphql(
  `
    mutation CancelExecution($id: ID!, $reason: String) {
      cancelExecution(id: $id, reason: $reason) {
        __typename
        ... on CancelAccepted {
          executionId
        }
        ...ProblemParts
      }
    }
  `,
  [ProblemFragment],
);

interface RunOptions {
  parameters?: Record<string, unknown> | undefined;
  priority?: Priority | undefined;
}

export const runTask = (id: string, options: RunOptions = {}) =>
  mutate(RunTaskDocument, { id, key: newKey(), ...options });

export const retryExecution = (id: string) => mutate(RetryDocument, { id, key: newKey() });

export const cancelExecution = (id: string, reason?: string) =>
  mutate(CancelDocument, { id, reason });
