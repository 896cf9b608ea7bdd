import { z } from 'zod';
import {
  BULK_TASKS_MAX,
  LOG_PAGE_DEFAULT,
  LOG_PAGE_MAX,
  OFFSET_MAX,
  PAGE_DEFAULT,
  REASON_MAX_CHARS,
  REST_PAGE_MAX,
  SEARCH_MAX_CHARS,
  STEP_MAX_CHARS,
} from '../limits.js';
import { idText, nameText, parametersObject, proseText } from './text.js';
import { logLevels, priorities, restStatuses, slotOutcomes, taskTypes, triggers } from './words.js';

/** Bodies and queries of everything that is not a task itself. */

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const page = {
  limit: whole(1, REST_PAGE_MAX).default(PAGE_DEFAULT),
  offset: whole(0, OFFSET_MAX).default(0),
  after: z.string().min(1).max(1_000).optional().meta({
    description: '`nextCursor` of the page before; deep pages cost no more than the first.',
  }),
};
const afterOrOffset = {
  message: 'A page is asked for by `after` or by `offset`.',
  path: ['after'],
  params: { code: 'ambiguous', remedy: 'Leave one of them out.' },
};
const onePlace = ({ after, offset }: { after?: string; offset: number }) =>
  after === undefined || offset === 0;

/** `a,b` or the parameter several times. */
export function listOf<T extends string>(words: readonly [T, ...T[]]) {
  return z
    .union([z.string().max(200), z.array(z.string().max(200)).max(20)])
    .transform((given) => [given].flat().flatMap((one) => one.split(',')))
    .pipe(z.array(z.enum(words)).max(words.length * 2));
}

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const taskListQuery = z
  .strictObject({
    ...page,
    status: z.enum(['active', 'paused']).optional(),
    type: z.enum(taskTypes).optional(),
    search: z.string().max(SEARCH_MAX_CHARS).optional(),
  })
  .refine(onePlace, afterOrOffset);

const executionQueryFields = {
  ...page,
  status: listOf(restStatuses).optional(),
  trigger: listOf(triggers).optional(),
  backfillId: idText.optional(),
  search: z.string().max(SEARCH_MAX_CHARS).optional(),
  'dateRange[start]': instant.optional(),
  'dateRange[end]': instant.optional(),
};

const orderedRange = {
  message: 'The range ends before it starts.',
  path: ['dateRange[end]'],
  params: { code: 'bad-range', remedy: 'Swap start and end.' },
};
const isOrdered = (query: { 'dateRange[start]'?: Date; 'dateRange[end]'?: Date }) =>
  !query['dateRange[start]'] ||
  !query['dateRange[end]'] ||
  query['dateRange[start]'] <= query['dateRange[end]'];

export const taskExecutionsQuery = z
  .strictObject(executionQueryFields)
  .refine(onePlace, afterOrOffset)
  .refine(isOrdered, orderedRange);
export type ExecutionsQuery = z.output<typeof taskExecutionsQuery> & { taskId?: string };

export const executionListQuery = z
  .strictObject({ ...executionQueryFields, taskId: idText.optional() })
  .refine(onePlace, afterOrOffset)
  .refine(isOrdered, orderedRange);

export const slotsQuery = z
  .strictObject({
    limit: page.limit,
    after: page.after,
    schedule: idText.optional(),
    outcome: listOf(slotOutcomes).optional(),
    from: instant.optional().meta({ description: 'By the due instant; included.' }),
    to: instant.optional().meta({ description: 'By the due instant; excluded.' }),
  })
  .refine(({ from, to }) => !from || !to || from <= to, { ...orderedRange, path: ['to'] });
export type SlotsQuery = z.output<typeof slotsQuery>;

export const logQuery = z.strictObject({
  level: z.enum(logLevels).optional().meta({ description: 'Lines of this level and above.' }),
  limit: whole(1, LOG_PAGE_MAX).default(LOG_PAGE_DEFAULT),
  after: z.string().min(1).max(200).optional(),
  attempt: whole(1, 1_000_000).optional(),
});

export const pauseBody = z
  .strictObject({ reason: proseText(REASON_MAX_CHARS).optional() })
  .optional();

export const cancelBody = z
  .strictObject({
    reason: proseText(REASON_MAX_CHARS).optional(),
    force: z.boolean().optional().meta({
      description: 'End it without grace; also after a cancel that gave some.',
    }),
  })
  .optional();

export const runBody = z
  .strictObject({
    parameters: parametersObject.optional(),
    priority: z.enum(priorities).optional(),
  })
  .optional();

export const retryBody = z
  .strictObject({
    parameters: parametersObject.optional().meta({
      description: 'The whole input in place of the one before; without it, the same.',
    }),
    fromStep: z
      .string()
      .max(STEP_MAX_CHARS)
      .regex(/^(failed|\/[^#]*(#\d{1,9}(\.\d{1,9})*)?)$/)
      .optional()
      .meta({
        description:
          'Of a workflow: goes on before this step, with the version, the input and the results that the run had. `failed`: the step that it failed at.',
        example: 'failed',
      }),
  })
  .optional();

export const restoreBody = z
  .strictObject({ note: proseText(REASON_MAX_CHARS).optional() })
  .optional();

export const noBody = z.strictObject({}).optional();

export const bulkBody = z.strictObject({
  action: z.enum(['pause', 'resume', 'delete']),
  taskIds: z.array(idText).min(1).max(BULK_TASKS_MAX),
});

export const automationBody = z.strictObject({
  name: nameText,
  flow: z.record(z.string(), z.unknown()).meta({
    description: 'Chrome DevTools Recorder JSON.',
    example: {
      title: 'Open a page',
      steps: [{ type: 'navigate', url: 'https://example.org/' }],
    },
  }),
});

/** GraphQL: sizes that its own types can't say. */
export const reasonText = proseText(REASON_MAX_CHARS);
export const searchText = z.string().max(SEARCH_MAX_CHARS);
