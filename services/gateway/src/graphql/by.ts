import { type By } from '../commands/carry-out.js';
import { readIdempotencyKey } from '../commands/command-id.js';
import { invalid } from '../problems/problem.js';
import { type OperationContext } from './context.js';

/** Who asks for a mutation. The header's key only fits an operation with a single one. */
export function byOf(context: OperationContext, key?: string | null): By {
  const idempotencyKey = readIdempotencyKey(key ?? undefined) ?? context.idempotencyKey;
  return { caller: context.caller, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
}

/** The `position` of a thing as it was read. */
export function positionArgument(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined || text === '') return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalid([
    {
      path: '/expectedPosition',
      code: 'bad-format',
      message: 'It is not the position of a task.',
      remedy: 'Use `position` of the task as you read it.',
    },
  ]);
}
