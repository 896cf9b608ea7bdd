import { ProblemFragment } from '../graphql/actions.js';
import { graphql } from '../graphql/graphql.js';

export const FormDocument = graphql(`
  query TaskFormChoices {
    automations {
      id
      name
      flow
    }
    calendars {
      id
      name
    }
    system {
      chromium
    }
  }
`);

export const PreviewScheduleDocument = graphql(`
  query PreviewSchedule($input: SchedulePreviewInput!) {
    previewSchedule(input: $input) {
      valid
      nextRuns {
        at
        startsAt
        verdict
        by
      }
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
