/**
 * What a caller is told when something did not happen (RFC 9457). A code is stable and belongs to
 * one status; the texts may change. Whatever is not a RequestProblem is a bug or an outage, and the
 * edge turns it into `internal-error` without a word of what it was.
 */
export const problemKinds = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-json': { status: 400, title: 'The body is not JSON' },
  'not-permitted': { status: 403, title: 'The caller may not do that' },
  'cross-site': { status: 403, title: 'Requests of other sites are refused' },
  'host-unknown': { status: 403, title: 'The host name is not one of this server' },
  'route-unknown': { status: 404, title: 'There is nothing at this address' },
  'task-unknown': { status: 404, title: 'There is no such task' },
  'execution-unknown': { status: 404, title: 'There is no such execution' },
  'automation-unknown': { status: 404, title: 'There is no such automation' },
  'schedule-unknown': { status: 404, title: 'There is no such schedule' },
  'workflow-unknown': { status: 404, title: 'There is no such workflow' },
  'calendar-unknown': { status: 404, title: 'There is no such calendar' },
  'maintenance-unknown': { status: 404, title: 'There is no such maintenance' },
  'slot-unknown': { status: 404, title: 'There is no such slot' },
  'backfill-unknown': { status: 404, title: 'There is no such backfill' },
  'pool-unknown': { status: 404, title: 'There is no such pool' },
  'limit-unknown': { status: 404, title: 'There is no such limit' },
  'dead-letter-unknown': { status: 404, title: 'There is no such dead letter' },
  'redrive-unknown': { status: 404, title: 'There is no such redrive' },
  'artifact-unknown': { status: 404, title: 'There is no such artifact' },
  rejected: { status: 409, title: 'That is not possible now' },
  'changed-since': { status: 412, title: 'It was changed in the meantime' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used otherwise' },
  'media-type-unsupported': { status: 415, title: 'The body has to be JSON' },
  'rate-limited': { status: 429, title: 'A limit has no room for it now' },
  'internal-error': { status: 500, title: 'Something went wrong' },
  'read-model-late': { status: 503, title: 'It was done, but cannot be read yet' },
  'service-unavailable': { status: 503, title: 'A part of Carillon does not answer' },
} as const;

export type ProblemKind = keyof typeof problemKinds;
