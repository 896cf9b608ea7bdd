/**
 * Whether a failed attempt is tried again, and when. The table of what consumes a retry is in the
 * README; this is the same in code.
 */
import { attempt as a, type task as t } from '#libs/contracts';
import { TASK_LIMITS } from '../../task/limits.js';
import { CRASH_CODES, SHARED_LOSS_CODE, SHARED_LOSSES_FREE } from '../limits.js';

/** How an attempt ended that did not succeed. A lost one told no end by itself. */
export interface Failure {
  readonly outcome: a.AttemptOutcome;
  readonly lost: boolean;
  readonly error: a.AttemptError | undefined;
}

/** `HTTP_*` matches every code that begins so; anything else only itself. */
export function matchesCode(patterns: readonly string[], code: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? code.startsWith(pattern.slice(0, -1)) : code === pattern,
  );
}

/** No retry may mend it: the task says so, or, where the task says nothing, the worker. */
export function isFinal(retry: t.RetryPolicy, { outcome, lost, error }: Failure): boolean {
  const code = error?.code ?? '';
  if (matchesCode(retry.retriedErrors, code)) return false;
  if (matchesCode(retry.finalErrors, code)) return true;
  if (lost) return retry.lossIsFinal;
  if (outcome === a.AttemptOutcome.TIMED_OUT) return retry.timeoutIsFinal;
  return error?.final ?? false;
}

/** It took its worker or its own process with it. Enough of these, and it is poison. */
export function isCrash(error: a.AttemptError | undefined): boolean {
  return error !== undefined && CRASH_CODES.has(error.code);
}

/** Its process went down, and it was not the only one there. */
export function isSharedLoss(error: a.AttemptError | undefined): boolean {
  return error?.code === SHARED_LOSS_CODE;
}

/** It was given back through no fault of its own, which costs no retry. */
export function isFreeHandBack(
  { outcome, error }: Pick<Failure, 'outcome'> & { readonly error?: Failure['error'] },
  sharedLosses: number,
): boolean {
  if (outcome !== a.AttemptOutcome.HANDED_BACK) return false;
  return !isSharedLoss(error) || sharedLosses <= SHARED_LOSSES_FREE;
}

/** Delay before the n-th retry, with nothing taken off: initial × multiplier^(n-1), capped. */
export function retryDelayMs(retry: t.RetryPolicy, n: number): number {
  const { max } = TASK_LIMITS.retryDelayMs;
  const cap = retry.maxDelayMs > 0 ? Math.min(retry.maxDelayMs, max) : max;
  return Math.round(Math.min(cap, retry.initialDelayMs * retry.backoffMultiplier ** (n - 1)));
}

/**
 * The delay of one execution's n-th retry: the law's, less up to `jitter` of it. What is taken off
 * belongs to execution and retry, so that whoever decides it again finds the same.
 */
export function jitteredDelayMs(retry: t.RetryPolicy, n: number, executionId: string): number {
  const delayMs = retryDelayMs(retry, n);
  return Math.round(delayMs * (1 - retry.jitter * fraction(`${executionId} ${n}`)));
}

export interface PlannedRetry {
  /** From 1. */
  readonly retry: number;
  /** Between these two; equal without jitter. */
  readonly delayMinMs: number;
  readonly delayMaxMs: number;
  /** Since the first failure, the running of attempts left out. */
  readonly sinceFirstMs: number;
}

/** What a policy comes to when every attempt fails at once, at its longest delays. */
export function retryTimeline(retry: t.RetryPolicy): PlannedRetry[] {
  const count = Math.min(retry.maxRetries, TASK_LIMITS.maxRetries);
  const planned: PlannedRetry[] = [];
  let sinceFirstMs = 0;
  for (let n = 1; n <= count; n++) {
    const delayMaxMs = retryDelayMs(retry, n);
    sinceFirstMs += delayMaxMs;
    const delayMinMs = Math.round(delayMaxMs * (1 - retry.jitter));
    planned.push({ retry: n, delayMinMs, delayMaxMs, sinceFirstMs });
  }
  return planned;
}

/** A number in [0, 1) that belongs to the text: FNV-1a, mixed once more since it leaves neighbours near. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}
