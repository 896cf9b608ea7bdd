import { ProblemFragment } from '../graphql/actions.js';
import { graphql } from '../graphql/graphql.js';

export const FormDocument = graphql(`
  query TaskFormChoices {
    automations {
      id
      name
      flow
    }
    system {
      chromium
    }
  }
`);

export const CreateTaskDocument = graphql(
  `
    mutation CreateTask($input: TaskInput!, $key: String) {
      createTask(input: $input, idempotencyKey: $key) {
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

export const UpdateTaskDocument = graphql(
  `
    mutation UpdateTask($id: ID!, $input: TaskInput!, $position: String) {
      updateTask(id: $id, input: $input, expectedPosition: $position) {
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
