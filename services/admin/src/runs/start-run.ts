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
    mutation RetryExecution($id: ID!, $parameters: JSON, $key: String) {
      retryExecution(id: $id, parameters: $parameters, idempotencyKey: $key) {
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
    mutation CancelExecution($id: ID!, $force: Boolean) {
      cancelExecution(id: $id, force: $force) {
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

/** With the same input, unless another one is given. */
export const retryExecution = (id: string, parameters?: Record<string, unknown>) =>
  mutate(RetryDocument, { id, parameters, key: newKey() });

export const cancelExecution = (id: string, options: { force?: boolean } = {}) =>
  mutate(CancelDocument, { id, ...options });
