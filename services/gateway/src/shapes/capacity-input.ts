import { z } from 'zod';
import { COST_LIMITS, CURRENCY, microsOf } from '#libs/domain';
import {
  ACCOUNT_BROWSERS_MAX,
  ACCOUNT_CONCURRENT_MAX,
  ACCOUNT_WEIGHT_MAX,
  CONCURRENT_MAX,
  DESCRIPTION_SHORT_MAX_CHARS,
  KEY_EXPRESSION_MAX_CHARS,
  LIMIT_NAME_MAX_CHARS,
  POOL_NAME_MAX_CHARS,
  RATE_COUNT_MAX,
  RATE_PER_MAX_SECONDS,
  REASON_MAX_CHARS,
} from '../limits.js';
import { nameText, proseText } from './text.js';
import { rateExcesses } from './words.js';

/** What a caller says of pools, limits, and what the account may use. */

export const poolName = z
  .string()
  .max(POOL_NAME_MAX_CHARS)
  .regex(/^[a-z][a-z0-9-]*$/, 'A name has a-z, 0-9 and -, and begins with a letter')
  .meta({ example: 'gpu' });

const concurrent = (max: number, says: string) =>
  z.int().min(1).max(max).nullable().optional().meta({ description: says });

const poolFields = {
  description: proseText(DESCRIPTION_SHORT_MAX_CHARS).optional(),
  maxConcurrent: concurrent(
    CONCURRENT_MAX,
    'Runs of the account at the same time; null or left out: as many as the workers have slots.',
  ),
  computeRate: z
    .union([z.number(), z.string().max(24)])
    .refine((rate) => microsOf(rate, COST_LIMITS.rateMicros) !== undefined, {
      message: 'A decimal number from 0 to 1,000,000, with at most six decimals.',
    })
    .optional()
    .meta({
      description:
        'What a slot costs for an hour, in the currency of the account; left out: as it was.',
      example: 0.35,
    }),
};

export const poolBody = z.strictObject({ name: poolName, ...poolFields });
export type PoolInputShape = z.output<typeof poolBody>;
export const poolChangeBody = z.strictObject(poolFields);
export const pauseBody = z.strictObject({ reason: proseText(REASON_MAX_CHARS).optional() });

const rateShape = z.strictObject({
  count: z.int().min(1).max(RATE_COUNT_MAX),
  per: z.number().min(1).max(RATE_PER_MAX_SECONDS).meta({ description: 'Seconds.' }),
  exceeded: z.enum(rateExcesses).optional().meta({
    description: 'What becomes of a run beyond it: it waits (default), or is skipped.',
  }),
});

export const limitBody = z
  .strictObject({
    name: nameText.max(LIMIT_NAME_MAX_CHARS),
    description: proseText(DESCRIPTION_SHORT_MAX_CHARS).optional(),
    key: z.string().max(KEY_EXPRESSION_MAX_CHARS).optional().meta({
      description: 'CEL over `parameters`, `task` and `account`: runs with the same key share it.',
      example: 'parameters.customer',
    }),
    maxConcurrent: concurrent(CONCURRENT_MAX, 'Runs of one key at the same time.'),
    rate: rateShape.nullable().optional(),
  })
  .refine(({ maxConcurrent, rate }) => maxConcurrent != null || rate != null, {
    message: 'A limit has `maxConcurrent`, a `rate`, or both.',
    path: ['maxConcurrent'],
    params: { code: 'missing', remedy: 'Say how many may run at the same time.' },
  });
export type LimitInputShape = z.output<typeof limitBody>;

export const accountLimitsBody = z.strictObject({
  maxConcurrent: concurrent(ACCOUNT_CONCURRENT_MAX, 'Null or left out: the default.'),
  maxBrowserSessions: concurrent(ACCOUNT_BROWSERS_MAX, 'Null or left out: the default.'),
  weight: concurrent(ACCOUNT_WEIGHT_MAX, 'Its share where other accounts wait, too; default 1.'),
  currency: z.string().regex(CURRENCY, 'A code of ISO 4217, such as EUR').optional().meta({
    description: 'That costs are told in; left out: as it was. Nothing is converted.',
    example: 'EUR',
  }),
});
export type AccountLimitsInput = z.output<typeof accountLimitsBody>;
