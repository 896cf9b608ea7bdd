import { z } from 'zod';
import { priorities, rateExcesses, waitCauses } from './words.js';

const instant = z.iso.datetime();
const audit = {
  createdAt: instant,
  updatedAt: instant,
  createdBy: z.string(),
  updatedBy: z.string(),
  version: z.int(),
};

export const poolAnswer = z.object({
  name: z.string(),
  builtIn: z.boolean(),
  description: z.string(),
  maxConcurrent: z.int().nullable(),
  computeRate: z.number().meta({ description: 'Of a slot for an hour.' }),
  paused: z.boolean(),
  pauseReason: z.string().nullable(),
  pausedAt: instant.nullable(),
  pausedBy: z.string().nullable(),
  updatedAt: instant.nullable(),
  updatedBy: z.string().nullable(),
  version: z.int(),
});
export type PoolAnswer = z.output<typeof poolAnswer>;
export const poolListAnswer = z.object({ pools: z.array(poolAnswer) });

export const limitAnswer = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  key: z.string(),
  maxConcurrent: z.int().nullable(),
  rate: z.object({ count: z.int(), per: z.number(), exceeded: z.enum(rateExcesses) }).nullable(),
  ...audit,
});
export type LimitAnswer = z.output<typeof limitAnswer>;
export const limitListAnswer = z.object({ limits: z.array(limitAnswer) });

export const accountLimitsAnswer = z.object({
  maxConcurrent: z.int(),
  maxBrowserSessions: z.int(),
  weight: z.int(),
  currency: z.string().nullable().meta({ example: 'EUR' }),
  updatedAt: instant.nullable(),
  updatedBy: z.string().nullable(),
  version: z.int(),
});
export type AccountLimitsAnswer = z.output<typeof accountLimitsAnswer>;

const depthAnswer = z.object({ priority: z.enum(priorities), count: z.int() });

export const queueAnswer = z.object({
  pool: z.string(),
  depth: z.int(),
  depthByPriority: z.array(depthAnswer),
  oldestWait: z.number().nullable().meta({ description: 'Milliseconds; null: nobody waits.' }),
  running: z.int(),
  slots: z.int().meta({ description: 'Of all live workers.' }),
  free: z.int(),
  paused: z.boolean(),
  pauseReason: z.string().nullable(),
});
export type QueueAnswer = z.output<typeof queueAnswer>;
export const queuesAnswer = z.object({
  queues: z.array(queueAnswer),
  asOf: instant,
  live: z.boolean().meta({ description: 'False: told by the tables, since the owner is away.' }),
});
export type QueuesAnswer = z.output<typeof queuesAnswer>;

/** Of an `estimatedStart` that is null. */
export const whyNoEstimate =
  'By the durations seen. Null while nobody can tell: its pool is paused, no live worker takes it (none of its pool, or none with the labels that it needs), or a maintenance without an end holds it.';

export const waitAnswer = z.object({
  cause: z.enum(waitCauses),
  says: z.string(),
  queuePosition: z.int(),
  estimatedStart: instant.nullable().meta({ description: whyNoEstimate }),
  limitId: z.string().nullable(),
  used: z.int().nullable(),
  bound: z.int().nullable(),
  until: instant.nullable(),
});
export type WaitAnswer = z.output<typeof waitAnswer>;
