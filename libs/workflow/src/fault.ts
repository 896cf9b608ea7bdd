import type { JsonObject } from './json.js';
import type { StepId } from './step-id.js';

/** An error of a workflow, as the specification has it (RFC 7807). */
export interface WorkflowError {
  readonly type: string;
  readonly status: number;
  readonly title?: string;
  readonly detail?: string;
  /** JSON pointer of the task that it comes from. */
  readonly instance: string;
}

/** How a step failed, as whoever ran it tells: where, its step says. */
export type StepError = Omit<WorkflowError, 'instance'>;

const TYPES = 'https://serverlessworkflow.io/spec/1.0.0/errors/';
const STATUS = {
  configuration: 400,
  validation: 400,
  expression: 400,
  authentication: 401,
  authorization: 403,
  timeout: 408,
  communication: 500,
  runtime: 500,
} as const;

export type ErrorKind = keyof typeof STATUS;

/** Thrown within a run; a `try` of the workflow may catch it. */
export class Fault extends Error {
  readonly error: WorkflowError;
  /** False: a limit of the run itself, which no `try` may talk its way around. */
  readonly isCatchable: boolean;
  /** The innermost task that it came out of; set once, on its way out. */
  step: StepId | undefined;

  constructor(error: WorkflowError, { isCatchable = true }: { isCatchable?: boolean } = {}) {
    super(error.detail ?? error.title ?? error.type);
    this.error = error;
    this.isCatchable = isCatchable;
  }
}

export function standardError(
  kind: ErrorKind,
  instance: string,
  { title, detail, status }: { title: string; detail?: string; status?: number },
): WorkflowError {
  return {
    type: TYPES + kind,
    status: status ?? STATUS[kind],
    title,
    ...(detail === undefined ? {} : { detail }),
    instance,
  };
}

export function fault(
  kind: ErrorKind,
  instance: string,
  said: { title: string; detail?: string; status?: number },
): Fault {
  return new Fault(standardError(kind, instance, said));
}

export function limitFault(instance: string, limit: string, most: number): Fault {
  const detail = `The run is beyond its limit: ${limit}, at most ${most}.`;
  return new Fault(standardError('runtime', instance, { title: 'Limit exceeded', detail }), {
    isCatchable: false,
  });
}

export function errorJson(error: WorkflowError): JsonObject {
  return { ...error };
}
