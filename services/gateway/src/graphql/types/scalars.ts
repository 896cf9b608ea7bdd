import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { findJsonFault } from '../../problems/check-json.js';

/** An instant in UTC, ISO 8601 with milliseconds. */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant in UTC, ISO 8601, such as `2026-03-01T09:00:00.000Z`.',
  serialize: (value) => {
    if (value instanceof Date) return value.toISOString();
    if (typeof value === 'number') return new Date(value).toISOString();
    throw new GraphQLError('A DateTime must be a Date.');
  },
  parseValue: (value) => readInstant(value),
  parseLiteral: (node) => readInstant(node.kind === Kind.STRING ? node.value : undefined),
});

function readInstant(value: unknown): Date {
  const instant = typeof value === 'string' ? new Date(value) : undefined;
  if (instant === undefined || Number.isNaN(instant.getTime()))
    throw new GraphQLError('A DateTime is a string in ISO 8601.', {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  return instant;
}

/** Any JSON value, held to the same rules as a REST body. */
export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => checked(value),
  parseLiteral: (node, variables) => checked(literalOf(node, variables ?? {})),
});

function checked(value: unknown): unknown {
  const fault = findJsonFault(value);
  if (fault !== undefined)
    throw new GraphQLError(`${fault.message} (at ${fault.path || 'the root'})`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  return value;
}

// The depth of a literal is bounded by the number of tokens of a document.
function literalOf(node: ValueNode, variables: Record<string, unknown>): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map((one) => literalOf(one, variables));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, literalOf(field.value, variables)]),
      );
    case Kind.VARIABLE:
      return variables[node.name.value];
  }
}
