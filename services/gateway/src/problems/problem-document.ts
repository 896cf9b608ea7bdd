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

export function retryAfterOf(problem: RequestProblem): number | undefined {
  return problem.status === 503 ? RETRY_AFTER_SECONDS : undefined;
}
