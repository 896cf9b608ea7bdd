export {
  type Coverage,
  type EventName,
  type EventNamed,
  foldEvents,
  type Handler,
  type Place,
  UnexpectedEvent,
} from './events.js';
export {
  ForeignLog,
  ProjectionRunner,
  type RunnerDeps,
  type RunnerHealth,
  type RunnerLogger,
  type RunnerState,
} from './projection-runner.js';
export { PoisonCommit, type Recorded, toRecorded } from './recorded.js';
export { RUNNER_LIMITS, type RunnerLimits } from './runner-limits.js';
export type { ConsumerRow, Sink } from './sink.js';
