import type { Projection } from '../projection.js';
import { definitionsProjection } from './definitions.projection.js';
import { executionsProjection } from './executions.projection.js';
import { logsProjection } from './logs.projection.js';
import { runsProjection } from './runs.projection.js';
import { slotsProjection } from './slots.projection.js';

/** Every projection there is. Together they write every table but the positions, each table by one. */
export const projections: readonly Projection[] = [
  definitionsProjection,
  slotsProjection,
  executionsProjection,
  logsProjection,
  runsProjection,
];
