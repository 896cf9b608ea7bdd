import type { task } from '#libs/contracts';
import type { TaskSettings } from '../definition-tables.js';

const MS_PER_SECOND = 1_000;
const MS_PER_MINUTE = 60_000;

type RetryPolicy = TaskSettings['retryPolicy'];
type EndSettings = Pick<
  TaskSettings,
  'totalDeadline' | 'startDeadline' | 'stopGrace' | 'deadLetter'
>;

/** In the units of the API; what is as by default is left out. */
export function retryPolicyOf(told: task.RetryPolicy | undefined): RetryPolicy {
  const { jitter = 0, finalErrors = [], retriedErrors = [] } = told ?? {};
  return {
    maxRetries: told?.maxRetries ?? 0,
    initialDelay: (told?.initialDelayMs ?? 0) / MS_PER_SECOND,
    backoffMultiplier: told?.backoffMultiplier ?? 1,
    maxDelay: (told?.maxDelayMs ?? 0) / MS_PER_SECOND,
    ...(jitter > 0 ? { jitter } : {}),
    ...(finalErrors.length > 0 ? { finalErrors: [...finalErrors] } : {}),
    ...(retriedErrors.length > 0 ? { retriedErrors: [...retriedErrors] } : {}),
    ...(told?.timeoutIsFinal ? { timeoutIsFinal: true } : {}),
    ...(told?.lossIsFinal ? { lossIsFinal: true } : {}),
  };
}

export function endSettingsOf(told: task.Settings | undefined): EndSettings {
  const { totalDeadlineMs = 0, startDeadlineMs = 0, stopGraceMs = 0 } = told ?? {};
  return {
    ...(totalDeadlineMs > 0 ? { totalDeadline: totalDeadlineMs / MS_PER_MINUTE } : {}),
    ...(startDeadlineMs > 0 ? { startDeadline: startDeadlineMs / MS_PER_MINUTE } : {}),
    ...(stopGraceMs > 0 ? { stopGrace: stopGraceMs / MS_PER_SECOND } : {}),
    ...(told?.noDeadLetter ? { deadLetter: false } : {}),
  };
}
