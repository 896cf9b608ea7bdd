import { z } from 'zod';
import { WORKFLOW_BYTES_MAX, WORKFLOW_NOTE_MAX_CHARS } from '../limits.js';
import { nameText, proseText } from './text.js';
import { instant, json } from './told.js';

/** What is said of workflows and of the steps of their runs. */

export const workflowBody = z.strictObject({
  name: nameText.optional().meta({ description: 'Left out: the name of the document.' }),
  definition: z.string().min(1).max(WORKFLOW_BYTES_MAX).meta({
    description: 'CNCF Serverless Workflow DSL 1.0, as YAML or JSON.',
    example:
      'document: { dsl: 1.0.3, namespace: shop, name: hello, version: 1.0.0 }\ndo:\n  - hello: { set: { said: hello } }\n',
  }),
  note: proseText(WORKFLOW_NOTE_MAX_CHARS).optional(),
});
export type WorkflowInputShape = z.output<typeof workflowBody>;

export const workflowCheckBody = workflowBody.pick({ definition: true });

export const workflowAnswer = z.object({
  id: z.string(),
  name: z.string(),
  version: z.int(),
  reference: z.string().meta({ example: 'shop/order:1.0.0' }),
  definition: z.string(),
  note: z.string().nullable(),
  createdAt: instant,
  updatedAt: instant,
  createdBy: z.string(),
  updatedBy: z.string(),
});
export type WorkflowAnswer = z.output<typeof workflowAnswer>;
export const workflowListAnswer = z.object({
  workflows: z.array(workflowAnswer.omit({ definition: true })),
});
export const workflowVersionsAnswer = z.object({
  versions: z.array(
    z.object({
      version: z.int(),
      name: z.string(),
      reference: z.string(),
      definition: z.string(),
      note: z.string().nullable(),
      savedAt: instant,
      author: z.string(),
    }),
  ),
});
export const workflowCheckAnswer = z.object({
  reference: z.string(),
  problems: z.array(
    z.object({
      path: z.string().meta({ description: 'JSON pointer into the definition.' }),
      code: z.string(),
      message: z.string(),
      remedy: z.string(),
    }),
  ),
});

export const stepsAnswer = z.object({
  steps: z.array(
    z.object({
      step: z.string().meta({ example: '/do/0/greet' }),
      path: z.string(),
      status: z.string(),
      attempt: z.int(),
      starts: z.int(),
      startedAt: instant,
      until: instant.nullable(),
      endedAt: instant.nullable(),
      output: json.nullable(),
      outputBytes: z.int(),
      error: z
        .object({ type: z.string(), status: z.int(), title: z.string(), detail: z.string() })
        .nullable(),
    }),
  ),
});

export const eventBody = z.looseObject({ type: z.string().min(1).max(500) }).meta({
  description: 'A CloudEvent; what is left out of `id`, `source` and `time` is filled in.',
  example: { type: 'shop.order.paid', data: { order: 17 } },
});
export const eventAnswer = z.object({
  executionId: z.string(),
  position: z.int().meta({ description: 'Of the event in the log.' }),
});
