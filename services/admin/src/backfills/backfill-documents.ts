import { mutate, newKey, ProblemFragment } from '../graphql/actions.js';
import { type FragmentOf, graphql, type VariablesOf } from '../graphql/graphql.js';

const BackfillFragment = graphql(`
  fragment BackfillParts on Backfill {
    id
    scheduleId
    status
    author
    note
    slots
    concurrency
    firstDueAt
    lastDueAt
    startedAt
    finishedAt
    progress {
      requested
      open
      succeeded
      failed
      cancelled
      remaining
    }
  }
`);

export type Backfill = FragmentOf<typeof BackfillFragment>;

export const BackfillsDocument = graphql(
  `
    query Backfills($taskId: ID!) {
      backfills(taskId: $taskId) {
        ...BackfillParts
      }
    }
  `,
  [BackfillFragment],
);

export const BackfillsChangedDocument = graphql(`
  subscription BackfillsChanged($taskId: ID!) {
    backfillsChanged(taskId: $taskId) {
      id
    }
  }
`);

export const PreviewBackfillDocument = graphql(`
  query PreviewBackfill($taskId: ID!, $input: BackfillInput!) {
    previewBackfill(taskId: $taskId, input: $input) {
      count
      leftOut
      first {
        at
      }
      last {
        at
      }
    }
  }
`);

const StartDocument = graphql(
  `
    mutation StartBackfill($taskId: ID!, $input: BackfillInput!, $key: String) {
      startBackfill(taskId: $taskId, input: $input, idempotencyKey: $key) {
        __typename
        ...BackfillParts
        ...ProblemParts
      }
    }
  `,
  [BackfillFragment, ProblemFragment],
);

const PauseDocument = graphql(
  `
    mutation PauseBackfill($id: ID!) {
      pauseBackfill(id: $id) {
        __typename
        ...BackfillParts
        ...ProblemParts
      }
    }
  `,
  [BackfillFragment, ProblemFragment],
);

const ResumeDocument = graphql(
  `
    mutation ResumeBackfill($id: ID!) {
      resumeBackfill(id: $id) {
        __typename
        ...BackfillParts
        ...ProblemParts
      }
    }
  `,
  [BackfillFragment, ProblemFragment],
);

const CancelDocument = graphql(
  `
    mutation CancelBackfill($id: ID!) {
      cancelBackfill(id: $id) {
        __typename
        ...BackfillParts
        ...ProblemParts
      }
    }
  `,
  [BackfillFragment, ProblemFragment],
);

export type BackfillInput = VariablesOf<typeof StartDocument>['input'];

export const startBackfill = (taskId: string, input: BackfillInput) =>
  mutate(StartDocument, { taskId, input, key: newKey() });

export const pauseBackfill = (id: string) => mutate(PauseDocument, { id });

export const resumeBackfill = (id: string) => mutate(ResumeDocument, { id });

export const cancelBackfill = (id: string) => mutate(CancelDocument, { id });
