export {
  type BuildRequest,
  buildInto,
  dropSchema,
  type Positions,
  positionsOf,
} from './build-into.js';
export type * from './capacity-tables.js';
export { primaryKeyOf, type Row, TABLE_NAMES, type TableName } from './columns.js';
export {
  compareTables,
  type Difference,
  type TableHash,
  type TablesAt,
  tableHashes,
} from './compare.js';
export { type ConnectOptions, connect, DEFAULT_SCHEMA } from './connect.js';
export { DatabaseRefused, withRemedy } from './database-refused.js';
export type * from './dead-letter-tables.js';
export type * from './definition-tables.js';
export { migrate } from './migrate.js';
export {
  ensurePosition,
  isPoison,
  PositionMoved,
  resetProjection,
  Superseded,
  type Written,
  writeBatch,
} from './positions.js';
export { FoldFailed, type Projection, type ProjectionSource, type Touched } from './projection.js';
export { definitionsProjection } from './projections/definitions.projection.js';
export { executionsProjection } from './projections/executions.projection.js';
export { logsProjection } from './projections/logs.projection.js';
export { projections } from './projections/projections.js';
export { runsProjection } from './projections/runs.projection.js';
export { slotsProjection } from './projections/slots.projection.js';
export {
  type CalendarUse,
  DEFAULT_POLICIES,
  type ScheduleColumns,
  type ScheduleDefinition,
  type SchedulePolicies,
  scheduleDefinition,
  type Timing,
} from './schedule.js';
export type * from './tables.js';
export { type Verdict, type VerifyRequest, verifyReadModel } from './verify.js';
export type * from './workflow-tables.js';
