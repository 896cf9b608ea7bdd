/**
 * What a person can ask for. Each comes back as accepted or refused with a reason; an answer that
 * never came is a refusal too, since nobody knows. Every start carries an idempotency key, so that
 * a second press of the same button, or a request sent twice by the network, is one run.
 */
import { client } from './client.js';
import { graphql } from './graphql.js';

export interface Refusal {
  code: string;
  message: string;
  field: string | null;
  remedy: string | null;
  problems: readonly FieldRefusal[];
}

export interface FieldRefusal {
  /** JSON pointer into the input. */
  field: string;
  code: string;
  message: string;
  remedy: string | null;
}

export type Answer<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export const ProblemFragment = graphql(`
  fragment ProblemParts on Problem {
    code
    message
    field
    remedy
    problems {
      field
      code
      message
      remedy
    }
  }
`);

const RunTaskDocument = graphql(
  `
    mutation RunTask($id: ID!, $parameters: JSON, $priority: Priority, $key: String) {
      runTask(id: $id, parameters: $parameters, priority: $priority, idempotencyKey: $key) {
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

const RetryDocument = graphql(
  `
    mutation RetryExecution($id: ID!, $key: String) {
      retryExecution(id: $id, idempotencyKey: $key) {
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

const NO_ANSWER: Refusal = {
  code: 'no-answer',
  message: '',
  field: null,
  remedy: null,
  problems: [],
};

interface Outcome<R> {
  data?: R | undefined;
  error?:
    | { graphQLErrors: { message: string; extensions?: Record<string, unknown> }[] }
    | undefined;
}

type Reply = { __typename: string } | null | undefined;

/** Sorts an answer of the wire into accepted and refused. */
export function answerOf<R, T extends Reply>(
  outcome: Outcome<R>,
  pick: (data: R) => T,
): Answer<Exclude<T, { __typename: 'Problem' } | null | undefined>> {
  const value = outcome.data === undefined || outcome.data === null ? null : pick(outcome.data);
  if (value && value.__typename !== 'Problem')
    return { ok: true, value: value as Exclude<T, { __typename: 'Problem' } | null | undefined> };
  if (value) return { ok: false, refusal: value as unknown as Refusal };
  const error = outcome.error?.graphQLErrors[0];
  if (!error) return { ok: false, refusal: NO_ANSWER };
  const code = String(error.extensions?.['code'] ?? 'error');
  return { ok: false, refusal: { ...NO_ANSWER, code, message: error.message } };
}

/** A key for one press of a button. */
export const newKey = (): string => crypto.randomUUID();

interface RunOptions {
  parameters?: Record<string, unknown> | undefined;
  priority?: 'low' | 'normal' | 'high' | 'critical' | undefined;
}

export async function runTask(id: string, options: RunOptions = {}) {
  const variables = { id, key: newKey(), ...options };
  return answerOf(await client.mutation(RunTaskDocument, variables), (data) => data.runTask);
}

export async function retryExecution(id: string) {
  const outcome = await client.mutation(RetryDocument, { id, key: newKey() });
  return answerOf(outcome, (data) => data.retryExecution);
}

export async function cancelExecution(id: string, reason?: string) {
  const outcome = await client.mutation(CancelDocument, { id, reason });
  return answerOf(outcome, (data) => data.cancelExecution);
}

export async function pauseTask(id: string, reason?: string) {
  return answerOf(await client.mutation(PauseDocument, { id, reason }), (data) => data.pauseTask);
}

export async function resumeTask(id: string) {
  return answerOf(await client.mutation(ResumeDocument, { id }), (data) => data.resumeTask);
}

export async function deleteTask(id: string) {
  return answerOf(await client.mutation(DeleteTaskDocument, { id }), (data) => data.deleteTask);
}

export async function deleteAutomation(id: string) {
  const outcome = await client.mutation(DeleteAutomationDocument, { id });
  return answerOf(outcome, (data) => data.deleteAutomation);
}
