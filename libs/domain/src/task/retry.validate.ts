/** What makes a retry policy, or a deadline, unfit. */
import type { task as t } from '#libs/contracts';
import { type Rejection, reject } from '../decider.js';
import { ERROR_PATTERN, TASK_LIMITS } from './limits.js';

type Fault = readonly [field: string, message: string];

/** The first fault; undefined when all is fit. */
export function retriesInvalid(settings: t.Settings): Rejection<'settings-invalid'> | undefined {
  const fault = policyFault(settings.retryPolicy) ?? deadlineFault(settings);
  return fault && reject('settings-invalid', fault[1], `/settings/${fault[0]}`);
}

function policyFault(retry: t.RetryPolicy | undefined): Fault | undefined {
  if (retry === undefined) return ['retryPolicy', 'The retry policy is missing.'];
  const of = (field: string, message: string): Fault => [`retryPolicy/${field}`, message];
  const { maxRetries, retryDelayMs, backoffMultiplier, jitter } = TASK_LIMITS;
  if (retry.maxRetries > maxRetries) return of('maxRetries', `At most ${maxRetries} retries.`);
  if (!within(retry.initialDelayMs, retryDelayMs))
    return of('initialDelay', 'A retry delay is between 0 and 30 days.');
  if (!within(retry.maxDelayMs, retryDelayMs))
    return of('maxDelay', 'A retry delay is between 0 and 30 days.');
  if (!within(retry.backoffMultiplier, backoffMultiplier))
    return of('backoffMultiplier', 'A backoff multiplier is between 1 and 100.');
  if (!within(retry.jitter, jitter)) return of('jitter', 'A jitter is between 0 and 1.');
  return patternsFault('finalErrors', retry) ?? patternsFault('retriedErrors', retry);
}

function patternsFault(
  field: 'finalErrors' | 'retriedErrors',
  retry: t.RetryPolicy,
): Fault | undefined {
  const patterns = retry[field];
  const of = (place: string, message: string): Fault => [`retryPolicy/${field}${place}`, message];
  if (patterns.length > TASK_LIMITS.errorPatterns)
    return of('', `At most ${TASK_LIMITS.errorPatterns} error codes.`);
  const place = patterns.findIndex((pattern) => !ERROR_PATTERN.test(pattern));
  if (place < 0) return undefined;
  return of(`/${place}`, 'An error code is like HTTP_TIMED_OUT; it may end with a star.');
}

function deadlineFault(settings: t.Settings): Fault | undefined {
  const { totalDeadlineMs, startDeadlineMs, stopGraceMs } = settings;
  if (!isUnset(totalDeadlineMs) && !within(totalDeadlineMs, TASK_LIMITS.deadlineMs))
    return ['totalDeadline', 'A deadline is between 1 second and 90 days.'];
  if (!isUnset(startDeadlineMs) && !within(startDeadlineMs, TASK_LIMITS.deadlineMs))
    return ['startDeadline', 'A deadline is between 1 second and 90 days.'];
  if (!isUnset(stopGraceMs) && !within(stopGraceMs, TASK_LIMITS.stopGraceMs))
    return ['stopGrace', 'A grace is between 0.1 and 60 seconds.'];
  return undefined;
}

function isUnset(value: number): boolean {
  return value === 0;
}

/** Of what is no number, false. */
function within(value: number, { min, max }: { min: number; max: number }): boolean {
  return value >= min && value <= max;
}
