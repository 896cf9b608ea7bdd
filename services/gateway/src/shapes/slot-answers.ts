import { z } from 'zod';
import { slotOutcomes } from './words.js';

const instant = z.string().meta({ format: 'date-time' });

export const slotAnswer = z.object({
  taskId: z.string(),
  scheduleId: z.string(),
  revision: z.int(),
  local: z.string().meta({ description: 'Nominal local time.' }),
  pass: z.int().meta({ description: '1 in the second pass of a repeated hour.' }),
  timezone: z.string(),
  dueAt: instant,
  effectiveAt: instant.meta({ description: 'When it was meant to start.' }),
  decidedAt: instant.optional().meta({ description: 'When it was looked at.' }),
  outcome: z.enum(slotOutcomes),
  cause: z.string(),
  executionId: z.string().optional(),
  blockingExecutionId: z.string().optional(),
  folded: z.int().meta({ description: 'Further slots of the same gap of the clock.' }),
  calendarId: z.string().optional(),
  calendarVersion: z.int().optional(),
  mergedInto: z.string().optional(),
  maintenanceId: z.string().optional(),
});
export type SlotAnswer = z.output<typeof slotAnswer>;

export const slotListAnswer = z.object({
  slots: z.array(slotAnswer),
  pagination: z.object({ limit: z.int(), nextCursor: z.string().optional() }),
});

export const slotExplainedAnswer = slotAnswer.extend({
  explanation: z.object({
    sentence: z.string(),
    chain: z.array(z.object({ at: instant, what: z.string(), by: z.string().nullable() })),
  }),
});
