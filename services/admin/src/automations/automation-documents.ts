import { mutate, ProblemFragment } from '../graphql/actions.js';
import { type FragmentOf, graphql } from '../graphql/graphql.js';

const AutomationFragment = graphql(`
  fragment AutomationParts on Automation {
    id
    name
    version
    flow
    createdAt
    updatedAt
  }
`);

export type Automation = FragmentOf<typeof AutomationFragment>;

export const AutomationsDocument = graphql(
  `
    query Automations {
      automations {
        ...AutomationParts
      }
    }
  `,
  [AutomationFragment],
);

export const AutomationDocument = graphql(
  `
    query Automation($id: ID!) {
      automation(id: $id) {
        ...AutomationParts
      }
    }
  `,
  [AutomationFragment],
);

const SaveAutomationDocument = graphql(
  `
    mutation SaveAutomation($id: ID, $name: String!, $flow: JSON!) {
      saveAutomation(id: $id, name: $name, flow: $flow) {
        __typename
        ... on Automation {
          id
          name
          version
        }
        ...ProblemParts
      }
    }
  `,
  [ProblemFragment],
);

const DeleteAutomationDocument = graphql(
  `
    mutation DeleteAutomation($id: ID!) {
      deleteAutomation(id: $id) {
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

/** Without an id a new one. */
export const saveAutomation = (id: string | undefined, name: string, flow: unknown) =>
  mutate(SaveAutomationDocument, { id: id ?? null, name, flow });

export const deleteAutomation = (id: string) => mutate(DeleteAutomationDocument, { id });
