import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { fieldExtensionsEstimator, getComplexity } from 'graphql-query-complexity';
import {
  GRAPHQL_ALIASES_MAX,
  GRAPHQL_COMPLEXITY_MAX,
  GRAPHQL_DEPTH_MAX,
  GRAPHQL_DIRECTIVES_MAX,
} from '../../limits.js';
import { plainCost } from './complexity.js';

/**
 * What a document may ask for. The rules hold for HTTP and for WebSockets: Apollo's own are not
 * applied to what comes over a socket, so `socket.ts` applies these itself.
 */
export const documentRules: readonly ValidationRule[] = [depthRule, aliasRule, directiveRule];

/** Read, and taken out again, by Apollo, which would answer 500 for what a plugin throws. */
const BAD_REQUEST = { status: 400 };

/** Introspection is deep by nature, bounded by the schema, and open to the local admin. */
const INTROSPECTION = /^__/;

function depthRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition: (operation) => {
      const depth = depthOf(operation.selectionSet, context, new Set());
      if (depth > GRAPHQL_DEPTH_MAX)
        context.reportError(refused(`The document is ${depth} levels deep`, GRAPHQL_DEPTH_MAX));
    },
  };
}

/** A fragment inside itself is refused by another rule; here it only has to end. */
function depthOf(
  { selections }: SelectionSetNode,
  context: ValidationContext,
  inside: ReadonlySet<string>,
): number {
  let deepest = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      if (INTROSPECTION.test(selection.name.value)) continue;
      const below = selection.selectionSet ? depthOf(selection.selectionSet, context, inside) : 0;
      deepest = Math.max(deepest, 1 + below);
    } else if (selection.kind === Kind.INLINE_FRAGMENT)
      deepest = Math.max(deepest, depthOf(selection.selectionSet, context, inside));
    else {
      const name = selection.name.value;
      const fragment: FragmentDefinitionNode | null | undefined = context.getFragment(name);
      if (!fragment || inside.has(name)) continue;
      const below = depthOf(fragment.selectionSet, context, new Set([...inside, name]));
      deepest = Math.max(deepest, below);
    }
  }
  return deepest;
}

function aliasRule(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  return {
    Field: ({ alias }) => {
      if (alias && ++aliases === GRAPHQL_ALIASES_MAX + 1)
        context.reportError(refused('There are too many aliases', GRAPHQL_ALIASES_MAX));
    },
  };
}

function directiveRule(context: ValidationContext): ASTVisitor {
  let directives = 0;
  return {
    Directive: () => {
      if (++directives === GRAPHQL_DIRECTIVES_MAX + 1)
        context.reportError(refused('There are too many directives', GRAPHQL_DIRECTIVES_MAX));
    },
  };
}

export interface AskedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | undefined;
}

/** The error when an operation costs too much; counted with its variables, since they size lists. */
export function costRefusal(asked: AskedOperation): GraphQLError | undefined {
  const { schema, document: query, variables, operationName } = asked;
  let cost: number;
  try {
    const estimators = [fieldExtensionsEstimator(), plainCost];
    cost = getComplexity({ schema, query, variables, operationName, estimators });
  } catch (error) {
    // It reads the variables before anybody else does, and throws what they are not fit for.
    if (!(error instanceof GraphQLError)) throw error;
    return new GraphQLError(error.message, {
      nodes: error.nodes,
      extensions: { code: 'BAD_USER_INPUT', http: BAD_REQUEST },
    });
  }
  if (cost <= GRAPHQL_COMPLEXITY_MAX) return undefined;
  return refused(`The operation costs ${Math.ceil(cost)}`, GRAPHQL_COMPLEXITY_MAX);
}

function refused(what: string, most: number): GraphQLError {
  return new GraphQLError(`${what}; at most ${most} is allowed.`, {
    extensions: { code: 'DOCUMENT_TOO_LARGE', http: BAD_REQUEST },
  });
}
