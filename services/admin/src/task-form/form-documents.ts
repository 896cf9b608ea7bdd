import { mutate, ProblemFragment } from '../graphql/actions.js';
import { graphql, type ResultOf, type VariablesOf } from '../graphql/graphql.js';

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
    pools {
      name
      builtIn
    }
    limits {
      id
      name
    }
    system {
      chromium
    }
  }
`);

/** What the fields offer to choose from. */
export type Choices = ResultOf<typeof FormDocument>;

export const PreviewScheduleDocument = graphql(`
  query PreviewSchedule($input: SchedulePreviewInput!) {
    previewSchedule(input: $input) {
      valid
      nextRuns {
        at
        startsAt
        verdict
        cause
        by
      }
    }
  }
`);

const CreateTaskDocument = graphql(
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

const UpdateTaskDocument = graphql(
  `
    mutation UpdateTask($id: ID!, $input: TaskInput!, $position: String, $note: String) {
      updateTask(id: $id, input: $input, expectedPosition: $position, note: $note) {
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

export const createTask = (variables: VariablesOf<typeof CreateTaskDocument>) =>
  mutate(CreateTaskDocument, variables);

export const updateTask = (variables: VariablesOf<typeof UpdateTaskDocument>) =>
  mutate(UpdateTaskDocument, variables);
