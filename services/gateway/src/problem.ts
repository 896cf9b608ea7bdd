import { RETRY_AFTER_SECONDS } from './limits.js';

/**
 * What a caller is told when something did not happen (RFC 9457). A code is stable and belongs to
 * one status; the texts may change. Whatever is not a RequestProblem is a bug or an outage, and the
 * edge turns it into `internal-error` without a word of what it was.
 */
const problemKinds = {
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

/** One thing that is wrong, and where. */
export interface Fault {
  /** JSON pointer into the body, or `/<name>` of a query parameter or header. */
  readonly path: string;
  readonly in?: 'query' | 'path' | 'header';
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  /** Index into the text of the field, when the fault has a place in it. */
  readonly position?: number;
}

export class RequestProblem extends Error {
  readonly kind: ProblemKind;
  /** The most precise code there is: of the rejection, of the first fault, or the kind. */
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly faults: readonly Fault[];

  constructor(
    kind: ProblemKind,
    detail: string,
    {
      faults = [],
      code,
      cause,
    }: { faults?: readonly Fault[]; code?: string; cause?: unknown } = {},
  ) {
    super(detail, { cause });
    this.kind = kind;
    this.code = code ?? kind;
    this.status = problemKinds[kind].status;
    this.title = problemKinds[kind].title;
    this.faults = faults;
  }
}

export function invalid(faults: readonly Fault[]): RequestProblem {
  const [first] = faults;
  return new RequestProblem('invalid-request', first?.message ?? 'The request is not valid.', {
    faults,
  });
}

export function unknownTask(id: string): RequestProblem {
  return new RequestProblem('task-unknown', `There is no task \`${shown(id)}\`.`);
}

export function unknownExecution(id: string): RequestProblem {
  return new RequestProblem('execution-unknown', `There is no execution \`${shown(id)}\`.`);
}

export function unknownAutomation(id: string): RequestProblem {
  return new RequestProblem('automation-unknown', `There is no automation \`${shown(id)}\`.`);
}

export function unknownSchedule(id: string): RequestProblem {
  return new RequestProblem('schedule-unknown', `The task has no schedule \`${shown(id)}\`.`);
}

export function unknownCalendar(id: string): RequestProblem {
  return new RequestProblem('calendar-unknown', `There is no calendar \`${shown(id)}\`.`);
}

export function unknownMaintenance(id: string): RequestProblem {
  return new RequestProblem('maintenance-unknown', `There is no maintenance \`${shown(id)}\`.`);
}

export function unknownSlot(): RequestProblem {
  return new RequestProblem('slot-unknown', 'The ledger has no such slot; it may be yet to come.');
}

export function unknownBackfill(id: string): RequestProblem {
  return new RequestProblem('backfill-unknown', `There is no backfill \`${shown(id)}\`.`);
}

export function unknownPool(name: string): RequestProblem {
  return new RequestProblem('pool-unknown', `There is no pool \`${shown(name)}\`.`);
}

export function unknownLimit(id: string): RequestProblem {
  return new RequestProblem('limit-unknown', `There is no limit \`${shown(id)}\`.`);
}

export function unknownDeadLetter(id: string): RequestProblem {
  return new RequestProblem('dead-letter-unknown', `There is no dead letter \`${shown(id)}\`.`);
}

export function unknownRedrive(id: string): RequestProblem {
  return new RequestProblem('redrive-unknown', `There is no redrive \`${shown(id)}\`.`);
}

/** A command that holds, whose effect the read model does not show yet. */
export function notReadableYet(position: number): RequestProblem {
  return new RequestProblem(
    'read-model-late',
    `It was accepted at position ${position}; what is read here is still behind that.`,
  );
}

/** Rejections that are a kind of problem of their own; the others are a field's fault, or a 409. */
const kindOfRejection: Readonly<Record<string, ProblemKind>> = {
  'task-unknown': 'task-unknown',
  'execution-unknown': 'execution-unknown',
  'automation-unknown': 'automation-unknown',
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

/** Text of a caller in a text of ours: short, and on one line. */
export function shown(text: string): string {
  const plain = text.toWellFormed().replace(/[\p{Cc}\p{Cf}`]/gu, '?');
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain;
}

/** With a capital and a full stop. */
export function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
