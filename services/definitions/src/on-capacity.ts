/** Commands to pools, limits, and what an account may use. */

import type { Clock } from '#libs/clock';
import { create, envelope, limit, type task } from '#libs/contracts';
import { accountDecider, limitDecider, poolDecider } from '#libs/domain';
import type { EventLog } from '#libs/event-log';
import { tasksUsing } from './account-wide.js';
import { appendDefinition, type DefinitionOutcome } from './append-definition.js';

/** Undefined for a command of another kind. */
export async function decideOnCapacity(
  log: EventLog,
  clock: Clock,
  { account, body, id: commandId, traceparent, actor }: task.Command,
  id: string,
): Promise<DefinitionOutcome | undefined> {
  if (body.value === undefined || !('expectedPosition' in body.value)) return undefined;
  const { expectedPosition } = body.value;
  const of = {
    commandId,
    actor: actor ?? create(envelope.ActorSchema),
    traceparent,
    expectedPosition,
  };
  const ofPool = { ...of, target: { account, kind: 'pool', id } as const, decider: poolDecider };
  const ofLimit = { ...of, target: { account, kind: 'limit', id } as const, decider: limitDecider };
  switch (body.case) {
    case 'savePool': {
      const { name, description, maxConcurrent, computeRateMicros, new: isNew } = body.value;
      const said = { name, isNew, description, maxConcurrent, computeRateMicros };
      const save = { type: 'save', ...said } as const;
      return appendDefinition(log, clock, { ...ofPool, command: save });
    }
    case 'pausePool': {
      const { name, reason } = body.value;
      return appendDefinition(log, clock, { ...ofPool, command: { type: 'pause', name, reason } });
    }
    case 'resumePool': {
      const { name } = body.value;
      return appendDefinition(log, clock, { ...ofPool, command: { type: 'resume', name } });
    }
    case 'deletePool': {
      const { name } = body.value;
      const usedBy = await tasksUsing(log, account, ({ pool }) => pool === name);
      return appendDefinition(log, clock, { ...ofPool, command: { type: 'delete', name, usedBy } });
    }
    case 'saveLimit': {
      const { limitId, rule = create(limit.RuleSchema) } = body.value;
      const save = { type: 'save', limitId: id, mustExist: limitId !== '', rule } as const;
      return appendDefinition(log, clock, { ...ofLimit, command: save });
    }
    case 'deleteLimit': {
      const usedBy = await tasksUsing(log, account, ({ limitIds }) => limitIds.includes(id));
      return appendDefinition(log, clock, { ...ofLimit, command: { type: 'delete', usedBy } });
    }
    case 'setAccountLimits': {
      const { maxConcurrent, maxBrowserSessions, weight, currency } = body.value;
      const said = { maxConcurrent, maxBrowserSessions, weight, currency };
      const command = { type: 'set', ...said } as const;
      const target = { account, kind: 'account', id } as const;
      return appendDefinition(log, clock, { ...of, target, decider: accountDecider, command });
    }
    default:
      return undefined;
  }
}
