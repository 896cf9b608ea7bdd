/** Commands to workflows. Their text was validated at the edge; here it is only kept. */
import type { Clock } from '#libs/clock';
import { create, envelope, type task } from '#libs/contracts';
import { workflowDecider } from '#libs/domain';
import type { EventLog } from '#libs/event-log';
import { tasksUsing } from './account-wide.js';
import { appendDefinition, type DefinitionOutcome } from './append-definition.js';

/** Undefined for a command of another kind. */
export async function decideOnWorkflow(
  log: EventLog,
  clock: Clock,
  { account, body, id: commandId, traceparent, actor }: task.Command,
  id: string,
): Promise<DefinitionOutcome | undefined> {
  if (body.case !== 'saveWorkflow' && body.case !== 'deleteWorkflow') return undefined;
  const of = {
    commandId,
    actor: actor ?? create(envelope.ActorSchema),
    traceparent,
    expectedPosition: body.value.expectedPosition,
    target: { account, kind: 'workflow', id } as const,
    decider: workflowDecider,
  };
  if (body.case === 'deleteWorkflow') {
    const usedBy = await tasksUsing(log, account, (_, { workflowId }) => workflowId === id);
    return appendDefinition(log, clock, { ...of, command: { type: 'delete', usedBy } });
  }
  const { workflowId, name, source, reference, note } = body.value;
  const mustExist = workflowId !== '';
  const save = { type: 'save', workflowId: id, mustExist, name, source, reference, note } as const;
  return appendDefinition(log, clock, { ...of, command: save });
}
