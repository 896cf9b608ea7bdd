import { retryTimeline } from '#libs/domain';
import { type RetryPolicyShape } from '../shapes/retry-input.js';
import { DEFAULT_RETRIES, loggedRetryPolicy } from '../tasks/retry-definition.js';

export interface ToldRetry {
  readonly retry: number;
  readonly delayMin: number;
  readonly delayMax: number;
  readonly sinceFirst: number;
}

/** When the retries of a policy would come, in seconds; what is left out is as a new task has it. */
export function previewRetries(policy: RetryPolicyShape): ToldRetry[] {
  const given = Object.entries(policy).filter(([, value]) => value !== undefined);
  const whole = { ...DEFAULT_RETRIES, ...Object.fromEntries(given) };
  return retryTimeline(loggedRetryPolicy(whole)).map((one) => ({
    retry: one.retry,
    delayMin: one.delayMinMs / 1_000,
    delayMax: one.delayMaxMs / 1_000,
    sinceFirst: one.sinceFirstMs / 1_000,
  }));
}
