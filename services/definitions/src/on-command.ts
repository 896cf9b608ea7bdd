import type { Clock } from '#libs/clock';
import { calendar, create, envelope, SUBJECT_TOKEN, SYSTEM_ACCOUNT, task } from '#libs/contracts';
import {
  ACCOUNT_LIMITS_ID,
  automationDecider,
  automationIdOf,
  calendarDecider,
  calendarIdOf,
  limitIdOf,
  maintenanceDecider,
  maintenanceIdOf,
  type TaskCommand,
  taskDecider,
  taskIdOf,
  workflowIdOf,
} from '#libs/domain';
import type { EventLog } from '#libs/event-log';
import { surroundingsOf } from './account-wide.js';
import {
  appendDefinition,
  type DefinitionOutcome,
  type DefinitionTarget,
} from './append-definition.js';
import { decideOnCapacity } from './on-capacity.js';
import { decideOnWorkflow } from './on-workflow.js';

/** Answers one command to the definitions. Throws LogUnavailable. */
export async function onCommand(
  log: EventLog,
  clock: Clock,
  command: task.Command,
): Promise<task.CommandReply> {
  const id = aggregateIdOf(command);
  if (!isAccountFor(command) || !SUBJECT_TOKEN.test(id) || command.id === '')
    return rejection('command-invalid', 'An account, an id or the command id is malformed.');
  const outcome = await decideAndAppend(log, clock, command, id);
  if (outcome === undefined)
    return rejection('command-unknown', 'This version does not know the command.');
  if (outcome.kind === 'rejected') {
    const { rejected, message, field } = outcome.rejection;
    return rejection(rejected, message, field);
  }
  return create(task.CommandReplySchema, {
    result: { case: 'accepted', value: { id, position: outcome.position } },
  });
}

/** What holds for every account belongs to the system; nothing but a maintenance does. */
function isAccountFor({ account, body }: task.Command): boolean {
  if (account !== SYSTEM_ACCOUNT) return SUBJECT_TOKEN.test(account);
  return body.case === 'planMaintenance' || body.case === 'endMaintenance';
}

const NO_NAMES = { pool: '', limitIds: [] };

async function decideAndAppend(
  log: EventLog,
  clock: Clock,
  command: task.Command,
  id: string,
): Promise<DefinitionOutcome | undefined> {
  const { account, body, id: commandId, traceparent } = command;
  const target = (kind: DefinitionTarget['kind']): DefinitionTarget => ({ account, kind, id });
  const actor = command.actor ?? create(envelope.ActorSchema);
  const of = { commandId, actor, traceparent, expectedPosition: 0 };
  const ofTask = { ...of, target: target('task'), decider: taskDecider };
  const ofAutomation = { ...of, target: target('automation'), decider: automationDecider };
  switch (body.case) {
    case 'createTask':
    case 'updateTask': {
      const draft = body.value.draft ?? create(task.TaskDraftSchema);
      const update = body.case === 'updateTask' ? body.value : undefined;
      const expectedPosition = update?.expectedPosition ?? 0;
      const note = update?.note ?? '';
      const { pool, limitIds } = draft.settings ?? NO_NAMES;
      const workflowId = draft.target?.workflowId ?? '';
      const around = await surroundingsOf(log, account, { pool, limitIds, workflowId });
      const made: TaskCommand = update
        ? { type: 'update', commandId, draft, note, around }
        : { type: 'create', taskId: id, commandId, draft, around };
      return appendDefinition(log, clock, { ...ofTask, command: made, expectedPosition });
    }
    case 'pauseTask': {
      const { reason } = body.value;
      return appendDefinition(log, clock, { ...ofTask, command: { type: 'pause', reason } });
    }
    case 'resumeTask':
      return appendDefinition(log, clock, { ...ofTask, command: { type: 'resume' } });
    case 'deleteTask':
      return appendDefinition(log, clock, { ...ofTask, command: { type: 'delete' } });
    case 'saveAutomation': {
      const { name, flowJson, automationId } = body.value;
      const mustExist = automationId !== '';
      const save = { type: 'save', automationId: id, mustExist, name, flowJson } as const;
      return appendDefinition(log, clock, { ...ofAutomation, command: save });
    }
    case 'deleteAutomation':
      return appendDefinition(log, clock, { ...ofAutomation, command: { type: 'delete' } });
    default:
      return (
        (await decideOnTimes(log, clock, command, id)) ??
        (await decideOnWorkflow(log, clock, command, id)) ??
        decideOnCapacity(log, clock, command, id)
      );
  }
}

/** Calendars and maintenances. */
async function decideOnTimes(
  log: EventLog,
  clock: Clock,
  { account, body, id: commandId, traceparent, actor }: task.Command,
  id: string,
): Promise<DefinitionOutcome | undefined> {
  const of = {
    commandId,
    actor: actor ?? create(envelope.ActorSchema),
    traceparent,
    expectedPosition: 0,
  };
  const ofCalendar = {
    ...of,
    target: { account, kind: 'calendar', id } as const,
    decider: calendarDecider,
  };
  const ofMaintenance = {
    ...of,
    target: { account, kind: 'maintenance', id } as const,
    decider: maintenanceDecider,
  };
  switch (body.case) {
    case 'saveCalendar': {
      const { name, days = create(calendar.DaysSchema), calendarId } = body.value;
      const mustExist = calendarId !== '';
      const save = { type: 'save', calendarId: id, mustExist, name, days } as const;
      return appendDefinition(log, clock, { ...ofCalendar, command: save });
    }
    case 'deleteCalendar':
      return appendDefinition(log, clock, { ...ofCalendar, command: { type: 'delete' } });
    case 'planMaintenance': {
      const { untilMs, aftermath, reason } = body.value;
      const fromMs = body.value.fromMs || clock.now();
      const plan = { type: 'plan', maintenanceId: id, fromMs, untilMs, aftermath, reason } as const;
      return appendDefinition(log, clock, { ...ofMaintenance, command: plan });
    }
    case 'endMaintenance':
      return appendDefinition(log, clock, { ...ofMaintenance, command: { type: 'end' } });
    default:
      return undefined;
  }
}

function aggregateIdOf({ id, body }: task.Command): string {
  switch (body.case) {
    case 'createTask':
      return taskIdOf(id);
    case 'saveAutomation':
      return body.value.automationId || automationIdOf(id);
    case 'deleteAutomation':
      return body.value.automationId;
    case 'saveCalendar':
      return body.value.calendarId || calendarIdOf(id);
    case 'deleteCalendar':
      return body.value.calendarId;
    case 'planMaintenance':
      return maintenanceIdOf(id);
    case 'endMaintenance':
      return body.value.maintenanceId;
    case 'savePool':
    case 'pausePool':
    case 'resumePool':
    case 'deletePool':
      return body.value.name;
    case 'saveLimit':
      return body.value.limitId || limitIdOf(id);
    case 'deleteLimit':
      return body.value.limitId;
    case 'saveWorkflow':
      return body.value.workflowId || workflowIdOf(id);
    case 'deleteWorkflow':
      return body.value.workflowId;
    case 'setAccountLimits':
      return ACCOUNT_LIMITS_ID;
    case undefined:
      return '';
    default:
      return body.value.taskId;
  }
}

export function rejection(code: string, message: string, field = ''): task.CommandReply {
  return create(task.CommandReplySchema, {
    result: { case: 'rejected', value: { code, message, field } },
  });
}
