import { z } from 'zod';

/** What every 4xx and 5xx of the REST API is. */

export const faultAnswer = z.object({
  path: z.string().meta({ example: '/schedule/cron' }),
  in: z.enum(['query', 'path', 'header']).optional(),
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
  position: z.int().optional().meta({ description: 'Index into the text of the field.' }),
});

export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable; match on this.' }),
    instance: z.string().meta({ description: 'The id of the request, as in the log.' }),
    errors: z.array(faultAnswer).optional(),
  })
  .meta({ description: 'Problem details (RFC 9457).' });
