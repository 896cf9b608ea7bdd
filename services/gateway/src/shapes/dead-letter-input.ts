import { z } from 'zod';
import {
  DEAD_LETTERS_OF_ONE,
  ERROR_CODE_MAX_CHARS,
  OFFSET_MAX,
  PAGE_DEFAULT,
  REASON_MAX_CHARS,
  REDRIVE_PER_MINUTE,
  REST_PAGE_MAX,
} from '../limits.js';
import { listOf } from './requests.js';
import { instantText } from './schedule-input.js';
import { idText, parametersObject, proseText } from './text.js';
import { deadLetterCauses, deadLetterStatuses } from './words.js';

/** What a caller asks of dead letters. */

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const errorCode = z.string().min(1).max(ERROR_CODE_MAX_CHARS);
const note = proseText(REASON_MAX_CHARS).optional();

export const deadLetterListQuery = z.strictObject({
  limit: whole(1, REST_PAGE_MAX).default(PAGE_DEFAULT),
  offset: whole(0, OFFSET_MAX).default(0),
  after: z.string().min(1).max(1_000).optional(),
  status: listOf(deadLetterStatuses).optional().meta({ description: 'By default open ones.' }),
  taskId: idText.optional(),
  cause: listOf(deadLetterCauses).optional(),
  errorCode: errorCode.optional(),
  from: instant.optional().meta({ description: 'By the time of death; included.' }),
  to: instant.optional().meta({ description: 'Excluded.' }),
});
export type DeadLetterListQuery = z.output<typeof deadLetterListQuery>;

const filterShape = z.strictObject({
  taskId: idText.optional(),
  cause: z.array(z.enum(deadLetterCauses)).max(deadLetterCauses.length).optional(),
  errorCode: errorCode.optional(),
  from: instantText.transform((text) => new Date(text)).optional(),
  to: instantText.transform((text) => new Date(text)).optional(),
});

const choice = {
  ids: z.array(idText).min(1).max(DEAD_LETTERS_OF_ONE).optional(),
  filter: filterShape.optional().meta({
    description: `Open ones that are like this, the oldest first, at most ${DEAD_LETTERS_OF_ONE}.`,
  }),
};
const eitherOf = {
  message: 'Dead letters are chosen either by `ids` or by `filter`.',
  path: ['ids'],
  params: { code: 'ambiguous', remedy: 'Give one of them; an empty filter stands for all.' },
};
const isEither = ({ ids, filter }: DeadLetterChoice) =>
  (ids === undefined) !== (filter === undefined);

export interface DeadLetterChoice {
  readonly ids?: readonly string[] | undefined;
  readonly filter?: z.output<typeof filterShape> | undefined;
}

export const redriveBody = z
  .strictObject({
    parameters: parametersObject.optional().meta({
      description: 'The whole input in place of the one that failed; without it, the same.',
    }),
    note,
  })
  .optional();
export type RedriveBody = NonNullable<z.output<typeof redriveBody>>;

export const startRedriveBody = z
  .strictObject({
    ...choice,
    perMinute: z.int().min(1).max(REDRIVE_PER_MINUTE).optional().meta({
      description: 'How many start in a minute; by default 60.',
    }),
    note,
    dryRun: z.boolean().optional().meta({ description: 'Only counts them.' }),
  })
  .refine(isEither, eitherOf);
export type StartRedriveBody = z.output<typeof startRedriveBody>;

export const discardOneBody = z.strictObject({ note }).optional();

export const discardBody = z
  .strictObject({
    ...choice,
    note,
    dryRun: z.boolean().optional().meta({ description: 'Only counts them.' }),
  })
  .refine(isEither, eitherOf);
export type DiscardBody = z.output<typeof discardBody>;
