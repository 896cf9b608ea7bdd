/** The end of an execution that was not done by its total deadline. */
import { attempt as a, create, dispatch as d } from '#libs/contracts';
import type { Execution } from '../execution.js';
import type { BadEnd } from './fail.js';

export function totalDeadlineMs({ countsFromMs, spec }: Execution): number {
  const lengthMs = spec.settings?.totalDeadlineMs ?? 0;
  return lengthMs > 0 ? countsFromMs + lengthMs : Number.POSITIVE_INFINITY;
}

const DEADLINE_EXCEEDED = 'DEADLINE_EXCEEDED';

/** How an execution ends that is not done by its total deadline. */
export function exceeded(execution: Execution, last?: a.AttemptError): BadEnd {
  const { attempt, spec } = execution;
  const seconds = (spec.settings?.totalDeadlineMs ?? 0) / 1_000;
  const tried = last === undefined ? `after ${attempt} attempt(s)` : `the last said ${last.code}`;
  const error = create(a.AttemptErrorSchema, {
    code: DEADLINE_EXCEEDED,
    message: `It was not done within its total deadline of ${seconds} s; ${tried}.`,
    final: true,
  });
  const { TIMEOUT } = d.ExecutionStatus;
  return { status: TIMEOUT, error, cause: d.DeadLetterCause.DEADLINE };
}
