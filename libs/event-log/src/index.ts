export { type BrokerClockOptions, clockWitnessedByBroker } from './broker-clock.js';
export {
  type AppendRequest,
  type AppendResult,
  type EventLog,
  LogUnavailable,
  type ReadRange,
  type StoredCommit,
} from './event-log.js';
export { type FollowOptions, followForEver } from './follow-for-ever.js';
export { JetStreamEventLog, type JetStreamEventLogOptions } from './jetstream-event-log.js';
export { MemoryEventLog } from './memory-event-log.js';
export { provisionStreams, type StreamSettings, UnfitBroker } from './streams.js';
