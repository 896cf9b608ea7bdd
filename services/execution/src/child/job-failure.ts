import type { Failure } from './protocol.js';

/** A job ends without success, for a reason that has a code. Anything else that is thrown is a bug. */
export class JobFailure extends Error {
  readonly code: string;
  /** No retry may mend it. */
  readonly final: boolean;

  constructor(code: string, message: string, options: ErrorOptions & { final?: boolean } = {}) {
    super(message, options);
    this.code = code;
    this.final = options.final ?? false;
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof JobFailure)
    return { code: error.code, message: error.message, final: error.final };
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return { code: 'RUNNER_FAULT', message, final: false, ...(stack !== undefined && { stack }) };
}
