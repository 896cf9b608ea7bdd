import type { Recorded } from '#libs/consumer';
import type { DomainEvent, task } from '#libs/contracts';
import type { Row } from '../columns.js';
import { instant, int4, int8, jsonOf, key, name, text } from '../storable.js';
import { definitionOf } from './definition-key.js';
import { actorKind, actorName, aftermath, taskType } from './words.js';

/** A row for each event, whether it had an effect or not: what was told, and by whom. */
export function changesIn(commits: readonly Recorded[]): Row<'definition_change'>[] {
  return commits.flatMap((recorded) => {
    const { kind, account, id } = definitionOf(recorded);
    return recorded.events.map(({ event, actor }, place) => ({
      account,
      position: int8(recorded.seq),
      place,
      kind,
      id,
      event: key(event.$typeName.slice(event.$typeName.lastIndexOf('.') + 1)),
      actor: text(actorName(actor)),
      actor_kind: actorKind(actor.kind),
      origin: text(actor.origin),
      occurred_at: instant(recorded.commit.occurredAtMs),
      summary: jsonOf(summaryOf(event)),
    }));
  });
}

/** What a sentence about it needs; texts are cut to the length of names. Events without such values have none. */
function summaryOf(event: DomainEvent): Record<string, unknown> {
  switch (event.$typeName) {
    case 'task.v1.TaskCreated':
      return {
        name: name(event.name),
        type: taskType(event.type),
        enabled: event.enabled,
        schedules: event.schedules.length,
      };
    case 'task.v1.TaskRenamed':
      return { name: name(event.name) };
    case 'task.v1.TaskRetargeted':
      return { type: taskType(event.type) };
    case 'task.v1.ScheduleAdded':
      return scheduleSummary(event.schedule);
    case 'task.v1.ScheduleChanged':
      return { ...scheduleSummary(event.schedule), ...told('note', event.note) };
    case 'task.v1.ScheduleRemoved':
      return { scheduleId: key(event.scheduleId) };
    case 'task.v1.TaskPaused':
    case 'pool.v1.PoolPaused':
      return told('reason', event.reason);
    case 'pool.v1.PoolSaved':
      return {
        maxConcurrent: int4(event.maxConcurrent),
        computeRateMicros: int8(event.computeRateMicros),
      };
    case 'limit.v1.LimitSaved':
      return {
        name: name(event.rule?.name ?? ''),
        version: int4(event.version),
        maxConcurrent: int4(event.rule?.maxConcurrent ?? 0),
      };
    case 'account.v1.AccountLimitsSet':
      return {
        maxConcurrent: int4(event.maxConcurrent),
        maxBrowserSessions: int4(event.maxBrowserSessions),
        weight: int4(event.weight),
      };
    case 'workflow.v1.WorkflowSaved':
      return {
        name: name(event.name),
        version: int4(event.version),
        ...told('note', event.note),
      };
    case 'automation.v1.AutomationSaved':
    case 'calendar.v1.CalendarSaved':
      return { name: name(event.name), version: int4(event.version) };
    case 'maintenance.v1.MaintenancePlanned':
      return {
        ...(event.fromMs > 0 && { from: instant(event.fromMs).toISOString() }),
        ...(event.untilMs > 0 && { until: instant(event.untilMs).toISOString() }),
        aftermath: aftermath(event.aftermath),
        ...told('reason', event.reason),
      };
    default:
      return {};
  }
}

function scheduleSummary(schedule: task.Schedule | undefined): Record<string, unknown> {
  if (schedule === undefined) return {};
  const { id, enabled, revision } = schedule;
  return {
    scheduleId: key(id),
    ...told('name', schedule.name),
    enabled,
    revision: int4(revision),
  };
}

function told(field: string, value: string): Record<string, string> {
  return value === '' ? {} : { [field]: name(value) };
}
