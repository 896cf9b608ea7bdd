import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import * as account from './account.js';
import * as attempt from './attempt.js';
import * as automation from './automation.js';
import * as calendar from './calendar.js';
import * as dispatch from './dispatch.js';
import * as limit from './limit.js';
import * as log from './log.js';
import * as maintenance from './maintenance.js';
import * as pool from './pool.js';
import * as task from './task.js';
import * as tick from './tick.js';
import * as workflow from './workflow.js';

/** Every event type of each aggregate. A consumer must handle or ignore each one of its aggregates. */
export const schemasByAggregate = {
  task: [
    task.TaskCreatedSchema,
    task.TaskRenamedSchema,
    task.TaskDescribedSchema,
    task.TaskRetargetedSchema,
    task.ParametersChangedSchema,
    task.SettingsChangedSchema,
    task.ScheduleAddedSchema,
    task.ScheduleChangedSchema,
    task.ScheduleRemovedSchema,
    task.TaskPausedSchema,
    task.TaskResumedSchema,
    task.TaskDeletedSchema,
  ],
  automation: [automation.AutomationSavedSchema, automation.AutomationDeletedSchema],
  calendar: [calendar.CalendarSavedSchema, calendar.CalendarDeletedSchema],
  maintenance: [maintenance.MaintenancePlannedSchema, maintenance.MaintenanceEndedSchema],
  pool: [
    pool.PoolSavedSchema,
    pool.PoolPausedSchema,
    pool.PoolResumedSchema,
    pool.PoolDeletedSchema,
  ],
  limit: [limit.LimitSavedSchema, limit.LimitDeletedSchema],
  account: [account.AccountLimitsSetSchema],
  workflow: [workflow.WorkflowSavedSchema, workflow.WorkflowDeletedSchema],
  tick: [tick.SlotsDecidedSchema],
  dispatch: [
    dispatch.ExecutionRequestedSchema,
    dispatch.ExecutionSkippedSchema,
    dispatch.AttemptReleasedSchema,
    dispatch.AttemptAcceptedSchema,
    dispatch.AttemptClosedSchema,
    dispatch.AttemptLostSchema,
    dispatch.RetryPlannedSchema,
    dispatch.ExecutionQueuedSchema,
    dispatch.CancelRequestedSchema,
    dispatch.ExecutionFinishedSchema,
    dispatch.StaleFactIgnoredSchema,
    dispatch.BackfillStartedSchema,
    dispatch.BackfillChangedSchema,
    dispatch.BackfillFinishedSchema,
    dispatch.DeadlinePassedSchema,
    dispatch.ExecutionDeadLetteredSchema,
    dispatch.DeadLettersDiscardedSchema,
    dispatch.RedriveStartedSchema,
    dispatch.DeadLetterPassedOverSchema,
    dispatch.RedriveCancelledSchema,
    dispatch.RedriveFinishedSchema,
    dispatch.ExecutionSnoozedSchema,
    dispatch.ExecutionWokenSchema,
    dispatch.ChildEndedSchema,
  ],
  attempt: [attempt.AttemptStartedSchema, attempt.AttemptEndedSchema],
  log: [log.LogChunkSchema],
  run: [
    workflow.RunStartedSchema,
    workflow.StepStartedSchema,
    workflow.StepFinishedSchema,
    workflow.StepFailedSchema,
    workflow.WaitStartedSchema,
    workflow.ListenStartedSchema,
    workflow.TimerFiredSchema,
    workflow.EventReceivedSchema,
  ],
} as const satisfies Record<string, readonly DescMessage[]>;

export type Aggregate = keyof typeof schemasByAggregate;

/** An event of one aggregate: a generated message, told apart by its `$typeName`. */
export type EventOf<A extends Aggregate> = MessageShape<(typeof schemasByAggregate)[A][number]>;

export type TaskEvent = EventOf<'task'>;
export type AutomationEvent = EventOf<'automation'>;
export type CalendarEvent = EventOf<'calendar'>;
export type MaintenanceEvent = EventOf<'maintenance'>;
export type PoolEvent = EventOf<'pool'>;
export type LimitEvent = EventOf<'limit'>;
export type AccountEvent = EventOf<'account'>;
export type WorkflowEvent = EventOf<'workflow'>;
export type RunEvent = EventOf<'run'>;
export type TickEvent = EventOf<'tick'>;
export type DispatchEvent = EventOf<'dispatch'>;
export type AttemptFact = EventOf<'attempt'>;
export type LogEvent = EventOf<'log'>;
/** Any event of the log. */
export type DomainEvent = EventOf<Aggregate>;
export type EventType = DomainEvent['$typeName'];

export function isTaskEvent(event: DomainEvent): event is TaskEvent {
  return event.$typeName.startsWith('task.v1.');
}

const schemas = new Map<string, DescMessage>(
  Object.values(schemasByAggregate)
    .flat()
    .map((schema) => [schema.typeName, schema]),
);

/** The schema of an event type; undefined for a type that this build does not know. */
export function schemaOf(typeName: string): DescMessage | undefined {
  return schemas.get(typeName);
}
