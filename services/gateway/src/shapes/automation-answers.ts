import { z } from 'zod';
import { instant, json } from './told.js';

export const automationAnswer = z.object({
  id: z.string(),
  name: z.string(),
  version: z.int(),
  flow: z.record(z.string(), json),
  createdAt: instant,
  updatedAt: instant,
});
export type AutomationAnswer = z.output<typeof automationAnswer>;

export const automationListAnswer = z.object({ automations: z.array(automationAnswer) });
export const automationSavedAnswer = z.object({ automationId: z.string(), name: z.string() });
