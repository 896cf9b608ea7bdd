import { type ProblemKind, problemKinds } from './problem-kinds.js';

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
  /** When to come again, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    kind: ProblemKind,
    detail: string,
    {
      faults = [],
      code,
      cause,
      retryAfterSeconds,
    }: {
      faults?: readonly Fault[];
      code?: string;
      cause?: unknown;
      retryAfterSeconds?: number | undefined;
    } = {},
  ) {
    super(detail, { cause });
    this.kind = kind;
    this.code = code ?? kind;
    this.status = problemKinds[kind].status;
    this.title = problemKinds[kind].title;
    this.faults = faults;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export function invalid(faults: readonly Fault[]): RequestProblem {
  const [first] = faults;
  return new RequestProblem('invalid-request', first?.message ?? 'The request is not valid.', {
    faults,
  });
}

/** A command that holds, whose effect the read model does not show yet. */
export function notReadableYet(position: number): RequestProblem {
  return new RequestProblem(
    'read-model-late',
    `It was accepted at position ${position}; what is read here is still behind that.`,
  );
}
