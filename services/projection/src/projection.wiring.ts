import type { ConsumerRow } from '#libs/consumer';
import type { StreamName } from '#libs/contracts';
import {
  definitionsProjection,
  executionsProjection,
  logsProjection,
  type Projection,
  type ProjectionSource,
  runsProjection,
  slotsProjection,
} from '#libs/read-model';

/** One reading of one stream. Name, version and stream are the key of its position, for ever. */
export interface WiringRow extends ConsumerRow {
  readonly projection: Projection;
  readonly source: ProjectionSource;
}

/**
 * What this service reads, and into which tables. Which events each source takes up and which it
 * leaves alone stands with the projection, in libs/read-model, where the audit tool finds it too.
 */
export const wiring: readonly WiringRow[] = [
  row(definitionsProjection, 'DEFINITIONS'),
  row(slotsProjection, 'TICKS'),
  row(slotsProjection, 'DISPATCH'),
  row(executionsProjection, 'DISPATCH'),
  row(logsProjection, 'LOGS'),
  row(runsProjection, 'RUNS'),
];

function row(projection: Projection, stream: StreamName): WiringRow {
  const source = projection.sources.find((one) => one.stream === stream);
  if (source === undefined) throw new Error(`${projection.name} does not read ${stream}`);
  const { name, version } = projection;
  return {
    name,
    version,
    stream,
    ...(source.subjects && { subjects: source.subjects }),
    projection,
    source,
  };
}
