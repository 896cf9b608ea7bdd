export type { MessageInitShape } from '@bufbuild/protobuf';
export { create, equals, fromJson, toJson } from '@bufbuild/protobuf';
export * as account from './account.js';
export * as attempt from './attempt.js';
export * as automation from './automation.js';
export * as calendar from './calendar.js';
export {
  type DecodedCommit,
  type DecodedEvent,
  decodeCommit,
  ENVELOPE_VERSION,
  encodeCommit,
  type NewCommit,
  type NewEvent,
  UndecodableCommit,
} from './codec.js';
export * as dispatch from './dispatch.js';
export * as envelope from './envelope.js';
export * as limit from './limit.js';
export * as log from './log.js';
export * as maintenance from './maintenance.js';
export * as pool from './pool.js';
export {
  type AccountEvent,
  type Aggregate,
  type AttemptFact,
  type AutomationEvent,
  type CalendarEvent,
  type DispatchEvent,
  type DomainEvent,
  type EventOf,
  type EventType,
  isTaskEvent,
  type LimitEvent,
  type LogEvent,
  type MaintenanceEvent,
  type PoolEvent,
  type RunEvent,
  schemaOf,
  schemasByAggregate,
  type TaskEvent,
  type TickEvent,
  type WorkflowEvent,
} from './registry.js';
export {
  type DefinitionKind,
  parseDefinitionSubject,
  STREAM_NAMES,
  type StreamName,
  SUBJECT_TOKEN,
  SYSTEM_ACCOUNT,
  shardOf,
  shardOfSubject,
  shardsConcerned,
  subjects,
} from './subjects.js';
export * as task from './task.js';
export * as tick from './tick.js';
export { toBinary } from './wire.js';
export { fromBinary } from './wire-read.js';
export * as worker from './worker.js';
export * as workflow from './workflow.js';
