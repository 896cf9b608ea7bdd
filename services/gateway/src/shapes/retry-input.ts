import { z } from 'zod';
import { ERROR_PATTERN } from '#libs/domain';
import {
  BACKOFF_MAX,
  BACKOFF_MIN,
  DEADLINE_MAX_MINUTES,
  DEADLINE_MIN_MINUTES,
  ERROR_PATTERNS_MAX,
  RETRIES_MAX,
  RETRY_DELAY_MAX_SECONDS,
  STOP_GRACE_MAX_SECONDS,
  STOP_GRACE_MIN_SECONDS,
} from '../limits.js';

/** How a task is tried again, until when, and what becomes of what fails for good. */

const delaySeconds = z.number().min(0).max(RETRY_DELAY_MAX_SECONDS).optional();
const errorPatterns = z
  .array(
    z.string().regex(ERROR_PATTERN, {
      message: 'An error code is like `HTTP_TIMED_OUT`; it may end with a star.',
    }),
  )
  .max(ERROR_PATTERNS_MAX)
  .optional();

export const retryPolicyShape = z.strictObject({
  maxRetries: z.int().min(0).max(RETRIES_MAX).optional(),
  initialDelay: delaySeconds.meta({ description: 'Seconds before the first retry.' }),
  backoffMultiplier: z.number().min(BACKOFF_MIN).max(BACKOFF_MAX).optional(),
  maxDelay: delaySeconds.meta({ description: 'Seconds that no delay exceeds.' }),
  jitter: z.number().min(0).max(1).optional().meta({
    description: 'How much of a delay may be taken off, 0..1; drawn for each retry.',
  }),
  finalErrors: errorPatterns.meta({
    description: 'Error codes that no retry may mend; `HTTP_*` names all that begin so.',
    example: ['HTTP_STATUS_UNEXPECTED'],
  }),
  retriedErrors: errorPatterns.meta({
    description: 'Error codes that are retried whoever calls them final.',
  }),
  timeoutIsFinal: z.boolean().optional().meta({
    description: 'An attempt that timed out is not tried again.',
  }),
  lossIsFinal: z.boolean().optional().meta({
    description: 'An attempt that was lost with its worker is not tried again.',
  }),
});

export type RetryPolicyShape = z.output<typeof retryPolicyShape>;

const deadline = z.number().min(DEADLINE_MIN_MINUTES).max(DEADLINE_MAX_MINUTES).nullable();

export const endSettings = {
  totalDeadline: deadline.optional().meta({
    description: 'Minutes from the request in which an execution has to be done, retries included.',
  }),
  startDeadline: deadline.optional().meta({
    description: 'Minutes from the request in which it has to have started; else it is skipped.',
  }),
  stopGrace: z
    .number()
    .min(STOP_GRACE_MIN_SECONDS)
    .max(STOP_GRACE_MAX_SECONDS)
    .nullable()
    .optional()
    .meta({
      description: 'Seconds that a stopped attempt has before it is killed; without it 5.',
    }),
  deadLetter: z.boolean().optional().meta({
    description: 'Whether what fails for good is kept as a dead letter; without it, yes.',
  }),
};
