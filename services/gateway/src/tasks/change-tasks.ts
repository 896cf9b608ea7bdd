import { type By, commandBy, visible } from '../commands/carry-out.js';
import { partOfCommand } from '../commands/command-id.js';
import { defineBy } from '../commands/commands.js';
import { type GatewayParts } from '../gateway-parts.js';
import { BULK_IN_FLIGHT_MAX } from '../limits.js';
import { RequestProblem } from '../problems/problem.js';
import { type TaskVerb, verbCommand } from './change-task.js';

export interface BulkOutcome {
  readonly success: string[];
  readonly failed: { taskId: string; error: string }[];
  readonly position: number;
}

/** Each task for itself: one that fails stops no other. */
export async function changeTasks(
  parts: GatewayParts,
  by: By,
  { action, taskIds }: { action: TaskVerb; taskIds: readonly string[] },
): Promise<BulkOutcome> {
  const outcome = { success: [] as string[], failed: [] as BulkOutcome['failed'], position: 0 };
  const { caller } = by;
  const { commandId } = commandBy(parts, by);
  const left = [...new Set(taskIds)];
  const work = async () => {
    for (let taskId = left.shift(); taskId !== undefined; taskId = left.shift()) {
      const context = {
        ...commandBy(parts, { caller }),
        commandId: partOfCommand(commandId, taskId),
      };
      try {
        const { position } = await defineBy(context, verbCommand(action, taskId));
        outcome.success.push(taskId);
        outcome.position = Math.max(outcome.position, position);
      } catch (error) {
        if (!(error instanceof RequestProblem)) throw error;
        outcome.failed.push({ taskId, error: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: BULK_IN_FLIGHT_MAX }, work));
  await visible(parts, caller, 'DEFINITIONS', outcome.position);
  return outcome;
}
