import { z } from 'zod';

/** The form behind a schedule builder, as `parseForm` gives it and `formatForm` takes it. */
const values = (min: number, max: number) => z.array(z.int().min(min).max(max)).max(max + 1);
const step = z.int().min(1).max(59);

const hours = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('every'), step }),
  z.strictObject({
    kind: z.literal('between'),
    from: z.int().min(0).max(23),
    to: z.int().min(0).max(23),
  }),
  z.strictObject({ kind: z.literal('at'), hours: values(0, 23).min(1) }),
]);

const time = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('every-second'), step }),
  z.strictObject({ kind: z.literal('every-minute'), step, hours }),
  z.strictObject({ kind: z.literal('at-minutes'), minutes: values(0, 59).min(1), hours }),
]);

const days = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('every-day'), step: z.int().min(1).max(31) }),
  z.strictObject({ kind: z.literal('weekdays'), weekdays: values(0, 7).min(1) }),
  z.strictObject({ kind: z.literal('days-of-month'), days: values(1, 31).min(1) }),
  z.strictObject({ kind: z.literal('last-day'), before: z.int().min(0).max(30) }),
  z.strictObject({
    kind: z.literal('workday'),
    nearest: z.union([z.int().min(1).max(31), z.literal('last')]),
  }),
  z.strictObject({
    kind: z.literal('nth-weekday'),
    weekday: z.int().min(0).max(7),
    nth: z.literal([1, 2, 3, 4, 5, 'last']),
  }),
]);

export const cronFormShape = z.strictObject({
  time,
  days,
  months: values(1, 12),
  second: z.int().min(0).max(59).optional(),
  source: z.string().max(256).optional(),
});
