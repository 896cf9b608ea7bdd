import { z } from 'zod';
import { BACKFILL_CONCURRENCY, REASON_MAX_CHARS } from '../limits.js';
import { instantText } from './schedule-input.js';
import { idText, proseText } from './text.js';
import { backfillOrders, reprocessWords } from './words.js';

/** A backfill as a caller asks for it. */
export const backfillBody = z.strictObject({
  scheduleId: idText,
  from: instantText,
  to: instantText.meta({ description: 'Excluded; not in the future.' }),
  order: z.enum(backfillOrders).optional().meta({ description: 'forward (default) or backward' }),
  concurrency: z.int().min(1).max(BACKFILL_CONCURRENCY).optional().meta({
    description: 'How many run at a time; by default one.',
  }),
  reprocess: z.enum(reprocessWords).optional().meta({
    description: 'none (default): what never ran; failed: what did not succeed, too; all.',
  }),
  onlyScheduled: z.boolean().optional().meta({
    description:
      'true (default): leaves out what the schedule would not have fired, by its bounds, calendars, maintenances and pauses; false: every slot of its times.',
  }),
  dryRun: z.boolean().optional().meta({ description: 'Only tells what would run.' }),
  note: proseText(REASON_MAX_CHARS).optional(),
});
export type BackfillInput = z.output<typeof backfillBody>;

const instant = z.string().meta({ format: 'date-time' });
const plannedSlot = z.object({ at: instant, local: z.string() });

export const backfillPlanAnswer = z.object({
  backfillId: z.string().nullable().meta({ description: 'Null after a dry run.' }),
  count: z.int(),
  leftOut: z.int().meta({ description: 'Slots of the range that do not run.' }),
  leftOutBy: z.object({
    ran: z.int().meta({ description: 'They ran already.' }),
    outOfBounds: z.int().meta({ description: 'Before `from`, after `until` or `maxRuns`.' }),
    paused: z.int().meta({ description: 'The task or the schedule was paused.' }),
    maintenance: z.int().meta({ description: 'A maintenance skipped them.' }),
    calendar: z.int().meta({ description: 'A calendar did not allow them.' }),
  }),
  first: plannedSlot.nullable(),
  last: plannedSlot.nullable(),
});

export const backfillAnswer = z.object({
  id: z.string(),
  taskId: z.string(),
  scheduleId: z.string(),
  status: z.enum(['running', 'paused', 'cancelled', 'finished']),
  slots: z.int(),
  firstDueAt: instant.nullable(),
  lastDueAt: instant.nullable(),
  concurrency: z.int(),
  note: z.string().nullable(),
  author: z.string(),
  progress: z.object({
    requested: z.int(),
    open: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    cancelled: z.int(),
    remaining: z.int(),
  }),
  startedAt: instant,
  finishedAt: instant.nullable(),
});
export type BackfillAnswer = z.output<typeof backfillAnswer>;

export const backfillListAnswer = z.object({ backfills: z.array(backfillAnswer) });
