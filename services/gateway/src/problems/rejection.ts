import { RequestProblem } from './problem.js';
import { type ProblemKind } from './problem-kinds.js';

/** Rejections that are a kind of problem of their own; the others are a field's fault, or a 409. */
const kindOfRejection: Readonly<Record<string, ProblemKind>> = {
  'task-unknown': 'task-unknown',
  'execution-unknown': 'execution-unknown',
  'automation-unknown': 'automation-unknown',
  'workflow-unknown': 'workflow-unknown',
  'calendar-unknown': 'calendar-unknown',
  'maintenance-unknown': 'maintenance-unknown',
  'backfill-unknown': 'backfill-unknown',
  'pool-unknown': 'pool-unknown',
  'limit-unknown': 'limit-unknown',
  'rate-limited': 'rate-limited',
  'dead-letter-unknown': 'dead-letter-unknown',
  'redrive-unknown': 'redrive-unknown',
  'idempotency-key-reused': 'idempotency-key-reused',
  'changed-since': 'changed-since',
  'target-missing': 'rejected',
  'too-many-writers': 'service-unavailable',
  'log-unavailable': 'service-unavailable',
  internal: 'internal-error',
};

/** The answer of a service that refused a command. */
export function rejectedBy(rejection: {
  code: string;
  message: string;
  field: string;
}): RequestProblem {
  const { code, message, field } = rejection;
  const kind = kindOfRejection[code];
  if (kind !== undefined) return new RequestProblem(kind, message, { code });
  if (field === '') return new RequestProblem('rejected', message, { code });
  const faults = [{ path: field, code, message }];
  return new RequestProblem('invalid-request', message, { code, faults });
}
