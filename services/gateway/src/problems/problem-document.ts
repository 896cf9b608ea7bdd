import { RETRY_AFTER_SECONDS } from '../limits.js';
import { type RequestProblem } from './problem.js';

/** The body of an answer, as RFC 9457 has it. */
export function problemDocument(problem: RequestProblem, requestId: string) {
  return {
    type: `urn:carillon:problem:${problem.kind}`,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    instance: `urn:uuid:${requestId}`,
    ...(problem.faults.length > 0 ? { errors: problem.faults } : {}),
  };
}

/** What may go well later says when. */
export function retryAfterOf({ status, retryAfterSeconds }: RequestProblem): number | undefined {
  if (status !== 503 && status !== 429) return undefined;
  return retryAfterSeconds ?? RETRY_AFTER_SECONDS;
}
