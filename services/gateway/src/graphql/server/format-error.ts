import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { problemOf } from '../../problems/problem-of.js';

/** Codes of errors that speak of the document or its variables, and so may be told as they are. */
const TELLABLE = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'DOCUMENT_TOO_LARGE',
]);

/** An error as it may leave: a problem of ours with its code, a fault of the document, or nothing. */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const { path, locations } = formatted;
  const where = { ...(path ? { path } : {}), ...(locations ? { locations } : {}) };
  const original = unwrapResolverError(error);
  const code = formatted.extensions?.['code'];
  if (isOfTheDocument(original) && typeof code === 'string' && TELLABLE.has(code))
    return { message: formatted.message, ...where, extensions: { code } };
  const problem = problemOf(original);
  return {
    message: problem.message,
    ...where,
    extensions: {
      code: problem.code,
      ...(problem.faults.length > 0 ? { problems: problem.faults } : {}),
    },
  };
}

/** Raised by GraphQL itself (Apollo wraps its own errors once), not by what a resolver threw. */
function isOfTheDocument(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return false;
  return error.originalError === undefined || error.originalError instanceof GraphQLError;
}

/** The same for what goes over a socket, where Apollo has no part. */
export function formatSocketError(error: GraphQLError): GraphQLFormattedError {
  const code = error.extensions['code'] ?? 'GRAPHQL_VALIDATION_FAILED';
  return formatError({ ...error.toJSON(), extensions: { code } }, error);
}
