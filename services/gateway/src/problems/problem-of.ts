import { BODY_MAX_BYTES } from '../limits.js';
import { RequestProblem } from './problem.js';

/** Any error as the problem it is for a caller. `httpStatus` is what the HTTP layer made of it. */
export function problemOf(error: unknown, httpStatus?: number): RequestProblem {
  if (error instanceof RequestProblem) return error;
  if (httpStatus !== undefined && httpStatus < 500) return ofStatus(httpStatus);
  if (isOutage(error))
    return new RequestProblem('service-unavailable', 'The read model does not answer right now.', {
      cause: error,
    });
  return new RequestProblem('internal-error', 'It has been logged under the id of this request.', {
    cause: error,
  });
}

function ofStatus(status: number): RequestProblem {
  switch (status) {
    case 404:
    case 405:
      return new RequestProblem('route-unknown', 'There is nothing at this address.');
    case 413:
      return new RequestProblem('body-too-large', `A body may be ${BODY_MAX_BYTES} bytes.`);
    case 415:
      return new RequestProblem(
        'media-type-unsupported',
        'Send the body as application/json, and say so in Content-Type.',
      );
    default:
      return new RequestProblem('invalid-request', 'The request cannot be read.');
  }
}

/** SQLSTATE classes of a server that is away, full, or stopping. */
const OUTAGE_CLASS = /^(?:08|53|57)[0-9A-Z]{3}$/;
const OUTAGE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** The pool has no code for these. */
const OUTAGE_TEXTS = [
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Query read timeout',
];

/** Whether Postgres is away, and not the query wrong. */
export function isOutage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  // By shape and not by class: of several addresses tried, Node gives one error that holds the others.
  const { code, message, errors } = error as {
    code?: unknown;
    message?: unknown;
    errors?: unknown;
  };
  if (typeof code === 'string') return OUTAGE_CODES.has(code) || OUTAGE_CLASS.test(code);
  if (Array.isArray(errors)) return errors.some(isOutage);
  return typeof message === 'string' && OUTAGE_TEXTS.some((text) => message.startsWith(text));
}
