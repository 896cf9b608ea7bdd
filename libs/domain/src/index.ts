export {
  ACCOUNT_DEFAULTS,
  ACCOUNT_LIMITS,
  ACCOUNT_LIMITS_ID,
  accountDecider,
} from './account/account.js';
export {
  AUTOMATION_LIMITS,
  type AutomationCommand,
  type AutomationState,
  automationDecider,
} from './automation/automation.js';
export { CALENDAR_LIMITS, type CalendarCommand, calendarDecider } from './calendar/calendar.js';
export {
  addMicros,
  COST_LIMITS,
  CURRENCY,
  microsOf,
  unitsOf,
} from './cost/micros.js';
export { type Decider, type Decision, isRejection, type Rejection } from './decider.js';
export {
  matchesCode,
  type PlannedRetry,
  retryDelayMs,
  retryTimeline,
} from './dispatch/attempt/retry.js';
export {
  type Added,
  type Counted,
  countFrom,
  countOn,
  NO_WAITS,
  plus,
  totalOf,
  WAIT_CAUSES,
  type WaitCause,
  type Waits,
  waitsOf,
} from './dispatch/attempt/waits.js';
export type { CommandAnswer } from './dispatch/commands.js';
export {
  dispatchInputsOf,
  encodeDispatchCommit,
  foldDispatchCommit,
  takePositions,
} from './dispatch/commit.js';
export { Definitions } from './dispatch/definitions.js';
export {
  type DispatchDecision,
  type DispatchDecisionInputs,
  decideDispatch,
} from './dispatch/dispatch.js';
export type { DecidedEvent } from './dispatch/emit.js';
export type { Cursor, Execution, FailureRun } from './dispatch/execution.js';
export {
  AGEING_STEP_MS,
  BACKFILL_CONCURRENCY_MAX,
  BACKFILL_SLOTS_MAX,
  REDRIVE_MAX,
  REDRIVE_PER_MINUTE_MAX,
} from './dispatch/limits.js';
export type { Fleet } from './dispatch/queue/fleet.js';
export { EvaluatedKeys, RecordedKeys } from './dispatch/queue/limit-keys.js';
export { placeOn, type Unplaced, whyUnplaced } from './dispatch/queue/placement.js';
export { type Standing, standingOf } from './dispatch/queue/standing.js';
export {
  type FoldFingerprint,
  fingerprintOfFold,
  foldMoved,
} from './dispatch/snapshot/fold-fingerprint.js';
export { FOLD_VERSION } from './dispatch/snapshot/fold-version.js';
export {
  readSnapshot,
  type SnapshotHead,
  SnapshotUnfit,
  takeSnapshot,
  writeSnapshot,
} from './dispatch/snapshot/snapshot.js';
export { poolOf } from './dispatch/spec.js';
export { DispatchState } from './dispatch/state.js';
export { canonicalWorld } from './history/canonical.js';
export { type Derived, deriveDispatch, deriveTicks, type Recording } from './history/derive.js';
export { foldHistory } from './history/fold.js';
export type { RecordedCommit } from './history/recorded-commit.js';
export {
  automationIdOf,
  calendarIdOf,
  executionIdOfCommand,
  executionIdOfSlot,
  limitIdOf,
  maintenanceIdOf,
  taskIdOf,
  workflowIdOf,
} from './ids.js';
export { EMPTY_JOURNAL, headAfter, type JournalHead } from './journal.js';
export {
  KEY_EXPRESSION_LIMITS,
  type KeyFault,
  readKeyExpression,
} from './limit/key-expression.js';
export { LIMIT_LIMITS, limitDecider } from './limit/limit.js';
export {
  MAINTENANCE_LIMITS,
  type MaintenanceCommand,
  maintenanceDecider,
} from './maintenance/maintenance.js';
export { BUILT_IN_POOLS, isBuiltInPool, POOL_LIMITS, poolDecider } from './pool/pool.js';
export { ERROR_PATTERN, SYSTEM_TASKS, TASK_DEFAULTS, TASK_LIMITS } from './task/limits.js';
export { type TaskCommand, type TaskState, taskDecider } from './task/task.js';
export { timingOf } from './task/timing.js';
export { type EncodedCommit, encodeTickCommit } from './tick/commit.js';
export {
  type Ahead,
  type Foretold,
  foretell,
  type ScheduleAhead,
  startsAfter,
} from './tick/foretell.js';
export type { Member } from './tick/group.js';
export { type Case, type Judgement, judge } from './tick/judge.js';
export { SLOTS_PER_COMMIT } from './tick/limits.js';
export { TickPlan, type Watermark } from './tick/plan.js';
export { memberOf, plannedOf } from './tick/planned-schedule.js';
export { decideTick, type TickDecision } from './tick/tick.js';
export {
  WORKFLOW_DEFINITION_LIMITS,
  type WorkflowCommand,
  workflowDecider,
} from './workflow/workflow.js';
