import { WORKFLOW_LIMITS } from './limits.js';

export type WorkflowProblemCode =
  | 'document-too-large'
  | 'document-unreadable'
  | 'document-too-deep'
  | 'not-supported'
  | 'field-unknown'
  | 'shape-invalid'
  | 'reference-unknown'
  | 'expression-invalid'
  | 'schema-invalid'
  | 'value-invalid'
  | 'limit-exceeded';

/** What is wrong with a definition: what, where, and what to do about it. */
export interface WorkflowProblem {
  readonly code: WorkflowProblemCode;
  /** RFC 6901; empty for the document as a whole. */
  readonly pointer: string;
  readonly message: string;
  readonly remedy: string;
}

/** Collects problems, the first ones of too many. */
export class Problems {
  readonly list: WorkflowProblem[] = [];

  add(code: WorkflowProblemCode, pointer: string, message: string, remedy: string): void {
    if (this.list.length < WORKFLOW_LIMITS.problems)
      this.list.push({ code, pointer, message, remedy });
  }

  /** A feature of the specification that Carillon does not run. */
  refuse(pointer: string, feature: string, remedy: string): void {
    this.add('not-supported', pointer, `${feature} is not supported.`, remedy);
  }
}
