import { z } from 'zod';

export const paginationAnswer = z.object({
  total: z.int().meta({ description: 'Counted up to 10,000.' }),
  totalIsExact: z.boolean(),
  limit: z.int(),
  offset: z.int(),
  nextCursor: z.string().optional().meta({ description: 'For `after`; absent on the last page.' }),
});
