import { initGraphQLTada } from 'gql.tada';
import type { introspection } from '../gql/graphql-env.js';

/**
 * Typed documents: the gateway's schema is the one source of every type that comes over the wire.
 * Fragments are read openly, since a screen's rows are patched by subscriptions that carry the
 * same fragment.
 */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: { DateTime: string; JSON: unknown };
}>();

export type { FragmentOf, ResultOf, VariablesOf } from 'gql.tada';
