/**
 * How something is asked for. It comes back as accepted or refused with a reason; an answer that
 * never came is a refusal too, since nobody knows. Every start carries an idempotency key, so that
 * a second press of the same button, or a request sent twice by the network, is one run.
 */
import type { AnyVariables, TypedDocumentNode } from 'urql';
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

type Accepted<T> = Exclude<T, { __typename: 'Problem' } | null | undefined>;

/** Sorts an answer of the wire into accepted and refused. */
export function answerOf<R, T extends Reply>(
  outcome: Outcome<R>,
  pick: (data: R) => T,
): Answer<Accepted<T>> {
  const value = outcome.data === undefined || outcome.data === null ? null : pick(outcome.data);
  if (value && value.__typename !== 'Problem') return { ok: true, value: value as Accepted<T> };
  if (value) return { ok: false, refusal: value as unknown as Refusal };
  const error = outcome.error?.graphQLErrors[0];
  if (!error) return { ok: false, refusal: NO_ANSWER };
  const code = String(error.extensions?.['code'] ?? 'error');
  return { ok: false, refusal: { ...NO_ANSWER, code, message: error.message } };
}

/** A key for one press of a button. */
export const newKey = (): string => crypto.randomUUID();

/** Asks for what the document's one field asks for. */
export async function mutate<Data extends object, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Answer<Accepted<Data[keyof Data]>>> {
  const outcome = await client.mutation(document, variables);
  const answer = answerOf(outcome, (data) => Object.values(data)[0] as Reply);
  return answer as Answer<Accepted<Data[keyof Data]>>;
}
