import { create, task as t } from '#libs/contracts';
import { TASK_DEFAULTS } from '#libs/domain';

/** How a task is tried again and ended, as the API speaks of it; what is as by default may be left out. */

/** Delays in seconds. */
export interface DefinedRetryPolicy {
  readonly maxRetries: number;
  readonly initialDelay: number;
  readonly backoffMultiplier: number;
  readonly maxDelay: number;
  readonly jitter?: number;
  readonly finalErrors?: readonly string[];
  readonly retriedErrors?: readonly string[];
  readonly timeoutIsFinal?: boolean;
  readonly lossIsFinal?: boolean;
}

/** Deadlines in minutes, the grace in seconds. */
export interface DefinedEnds {
  readonly totalDeadline?: number;
  readonly startDeadline?: number;
  readonly stopGrace?: number;
  readonly deadLetter?: boolean;
}

type EndName = keyof DefinedEnds;
type EndsPatch = { readonly [N in EndName]?: DefinedEnds[N] | null | undefined };

const NAMES: readonly EndName[] = ['totalDeadline', 'startDeadline', 'stopGrace', 'deadLetter'];
const { retryPolicy } = TASK_DEFAULTS;

export const DEFAULT_RETRIES: DefinedRetryPolicy = {
  maxRetries: retryPolicy.maxRetries,
  initialDelay: retryPolicy.initialDelayMs / 1_000,
  backoffMultiplier: retryPolicy.backoffMultiplier,
  maxDelay: retryPolicy.maxDelayMs / 1_000,
};

/** What is left out stays; null takes one back to its default. */
export function patchEnds(current: DefinedEnds, patch: EndsPatch): DefinedEnds {
  const ends = NAMES.map((name) => [name, patch[name] === undefined ? current[name] : patch[name]]);
  return Object.fromEntries(ends.filter(([, value]) => value != null)) as DefinedEnds;
}

export function loggedRetryPolicy(policy: DefinedRetryPolicy): t.RetryPolicy {
  return create(t.RetryPolicySchema, {
    maxRetries: policy.maxRetries,
    initialDelayMs: policy.initialDelay * 1_000,
    backoffMultiplier: policy.backoffMultiplier,
    maxDelayMs: policy.maxDelay * 1_000,
    jitter: policy.jitter ?? 0,
    finalErrors: [...(policy.finalErrors ?? [])],
    retriedErrors: [...(policy.retriedErrors ?? [])],
    timeoutIsFinal: policy.timeoutIsFinal ?? false,
    lossIsFinal: policy.lossIsFinal ?? false,
  });
}

export function loggedEnds(ends: DefinedEnds) {
  return {
    totalDeadlineMs: (ends.totalDeadline ?? 0) * 60_000,
    startDeadlineMs: (ends.startDeadline ?? 0) * 60_000,
    stopGraceMs: (ends.stopGrace ?? 0) * 1_000,
    noDeadLetter: ends.deadLetter === false,
  };
}
