import { type By, type Changed, define } from '../commands/carry-out.js';
import { type GatewayParts } from '../gateway-parts.js';
import { invalid } from '../problems/problem.js';
import { checkFlow } from './check-task.js';

export interface SavedFlow {
  /** Absent: a new automation. */
  readonly automationId?: string;
  readonly name: string;
  readonly flow: unknown;
}

/** Saves a flow as it was given: runs keep the version they were requested with. */
export async function saveAutomation(
  parts: GatewayParts,
  by: By,
  { automationId = '', name, flow }: SavedFlow,
): Promise<Changed> {
  const faults = checkFlow(flow);
  if (faults.length > 0) throw invalid(faults);
  return define(parts, by, {
    case: 'saveAutomation',
    value: {
      $typeName: 'task.v1.SaveAutomation',
      automationId,
      name,
      flowJson: JSON.stringify(flow),
    },
  });
}

export function deleteAutomation(
  parts: GatewayParts,
  by: By,
  automationId: string,
): Promise<Changed> {
  return define(parts, by, {
    case: 'deleteAutomation',
    value: { $typeName: 'task.v1.DeleteAutomation', automationId },
  });
}
