/** What a person can do to a task that is there. */
import { mutate, ProblemFragment } from '../graphql/actions.js';
import { graphql } from '../graphql/graphql.js';

const PauseDocument = graphql(
  `
    mutation PauseTask($id: ID!, $reason: String) {
      pauseTask(id: $id, reason: $reason) {
        __typename
        ... on Task {
          id
          status
        }
        ...ProblemParts
      }
    }
  `,
  [ProblemFragment],
);

const ResumeDocument = graphql(
  `
    mutation ResumeTask($id: ID!) {
      resumeTask(id: $id) {
        __typename
        ... on Task {
          id
          status
        }
        ...ProblemParts
      }
    }
  `,
  [ProblemFragment],
);

const DeleteTaskDocument = graphql(
  `
    mutation DeleteTask($id: ID!) {
      deleteTask(id: $id) {
        __typename
        ... on DeleteAccepted {
          id
        }
        ...ProblemParts
      }
    }
  `,
  [ProblemFragment],
);

export const pauseTask = (id: string, reason?: string) => mutate(PauseDocument, { id, reason });

export const resumeTask = (id: string) => mutate(ResumeDocument, { id });

export const deleteTask = (id: string) => mutate(DeleteTaskDocument, { id });
