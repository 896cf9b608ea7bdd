import { mutate, newKey, ProblemFragment } from '../graphql/actions.js';
import { AttemptRowFragment } from '../graphql/fragments.js';
import { type FragmentOf, graphql, type VariablesOf } from '../graphql/graphql.js';

const DeadLetterRowFragment = graphql(`
  fragment DeadLetterRow on DeadLetter {
    id
    taskId
    taskName
    cause
    attempts
    errorCode
    errorMessage
    diedAt
    status
    note
    redriveId
    redrivenBy
    resolvedAt
    resolvedBy
    execution {
      parameters
    }
  }
`);

export type DeadLetter = FragmentOf<typeof DeadLetterRowFragment>;

export const DeadLettersDocument = graphql(
  `
    query DeadLetters($first: Int!, $after: String, $filter: DeadLetterFilter) {
      deadLetters(first: $first, after: $after, filter: $filter) {
        edges {
          node {
            ...DeadLetterRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        totalCount
        totalIsExact
      }
    }
  `,
  [DeadLetterRowFragment],
);

export const DeadLettersChangedDocument = graphql(
  `
    subscription DeadLettersChanged {
      deadLettersChanged {
        ...DeadLetterRow
      }
    }
  `,
  [DeadLetterRowFragment],
);

export const DeadLetterDocument = graphql(
  `
    query DeadLetter($id: ID!) {
      deadLetter(id: $id) {
        ...DeadLetterRow
        execution {
          parameters
          attempts {
            ...AttemptRow
          }
        }
      }
    }
  `,
  [DeadLetterRowFragment, AttemptRowFragment],
);

const ChosenFragment = graphql(`
  fragment ChosenParts on ChosenDeadLetters {
    count
    hasMore
  }
`);

export const PreviewRedriveDocument = graphql(
  `
    query PreviewRedrive($input: RedriveInput!) {
      previewRedrive(input: $input) {
        ...ChosenParts
      }
    }
  `,
  [ChosenFragment],
);

const RedriveFragment = graphql(`
  fragment RedriveParts on Redrive {
    id
    status
    author
    note
    perMinute
    deadLetters
    startedAt
    finishedAt
    progress {
      requested
      open
      succeeded
      failed
      cancelled
      passedOver
      remaining
    }
  }
`);

export type Redrive = FragmentOf<typeof RedriveFragment>;

export const RedrivesDocument = graphql(
  `
    query Redrives {
      redrives {
        ...RedriveParts
      }
    }
  `,
  [RedriveFragment],
);

export const RedrivesChangedDocument = graphql(
  `
    subscription RedrivesChanged {
      redrivesChanged {
        ...RedriveParts
      }
    }
  `,
  [RedriveFragment],
);

const RedriveOneDocument = graphql(
  `
    mutation RedriveDeadLetter($id: ID!, $parameters: JSON, $note: String, $key: String) {
      redriveDeadLetter(id: $id, parameters: $parameters, note: $note, idempotencyKey: $key) {
        __typename
        ... on RunAccepted {
          executionId
          queuePosition
        }
        ...ProblemParts
      }
    }
  `,
  [ProblemFragment],
);

const StartRedriveDocument = graphql(
  `
    mutation StartRedrive($input: RedriveInput!, $key: String) {
      startRedrive(input: $input, idempotencyKey: $key) {
        __typename
        ...RedriveParts
        ...ProblemParts
      }
    }
  `,
  [RedriveFragment, ProblemFragment],
);

const CancelRedriveDocument = graphql(
  `
    mutation CancelRedrive($id: ID!) {
      cancelRedrive(id: $id) {
        __typename
        ...RedriveParts
        ...ProblemParts
      }
    }
  `,
  [RedriveFragment, ProblemFragment],
);

const DiscardDocument = graphql(
  `
    mutation DiscardDeadLetters($input: DiscardInput!, $key: String) {
      discardDeadLetters(input: $input, idempotencyKey: $key) {
        __typename
        ...ChosenParts
        ...ProblemParts
      }
    }
  `,
  [ChosenFragment, ProblemFragment],
);

/** Which dead letters: by ids, or whatever is open and like the filter. */
export type Choice = Pick<VariablesOf<typeof StartRedriveDocument>['input'], 'ids' | 'filter'>;

export const redriveDeadLetter = (
  id: string,
  parameters: Record<string, unknown> | undefined,
  note: string | undefined,
) => mutate(RedriveOneDocument, { id, parameters, note, key: newKey() });

export const startRedrive = (choice: Choice, perMinute: number, note: string | undefined) =>
  mutate(StartRedriveDocument, { input: { ...choice, perMinute, note }, key: newKey() });

export const cancelRedrive = (id: string) => mutate(CancelRedriveDocument, { id });

export const discardDeadLetters = (choice: Choice, note: string | undefined) =>
  mutate(DiscardDocument, { input: { ...choice, note }, key: newKey() });
