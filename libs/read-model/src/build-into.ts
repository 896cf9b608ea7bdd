import { type Kysely, sql } from 'kysely';
import { type Recorded, toRecorded } from '#libs/consumer';
import type { StreamName } from '#libs/contracts';
import type { EventLog } from '#libs/event-log';
import { checkedSchema, connect } from './connect.js';
import { migrate } from './migrate.js';
import { ensurePosition, writeBatch } from './positions.js';
import type { Projection, ProjectionSource } from './projection.js';
import { projections as allProjections } from './projections/projections.js';
import type { ReadModel } from './tables.js';

/** Larger than live batches: nobody waits for a row. */
const BATCH_COMMITS = 2_000;
const BATCH_BYTES = 16 * 1024 * 1024;

/** How far each projection has read each of its streams. */
export type Positions = Readonly<
  Record<string, Readonly<Partial<Record<StreamName, number>>> | undefined>
>;

export async function positionsOf(db: Kysely<ReadModel>, schema: string): Promise<Positions> {
  const rows = await db
    .withSchema(schema)
    .selectFrom('projection_position')
    .selectAll()
    .orderBy('version')
    .execute();
  const positions: Record<string, Partial<Record<StreamName, number>>> = {};
  for (const { projection, stream, seq } of rows)
    positions[projection] = { ...positions[projection], [stream]: seq };
  return positions;
}

export interface BuildRequest {
  readonly url: string;
  /** Made by this call, or built on from its own positions. */
  readonly schema: string;
  readonly log: Pick<EventLog, 'read'>;
  /** Up to and including these sequences, and nothing of what is not named; left out: to the end. */
  readonly upTo?: Positions;
  readonly projections?: readonly Projection[];
}

/** Builds the read tables from the log, beside whatever is served, by the projections themselves. */
export async function buildInto(request: BuildRequest): Promise<Positions> {
  const { url, schema, projections = allProjections } = request;
  await migrate(url, { schema });
  const db = connect(url, { schema, asyncCommit: true, applicationName: 'carillon-build' });
  try {
    await Promise.all(projections.map((projection) => build(db, projection, request)));
    return await positionsOf(db, schema);
  } finally {
    await db.destroy();
  }
}

async function build(
  db: Kysely<ReadModel>,
  projection: Projection,
  { log, upTo }: BuildRequest,
): Promise<void> {
  for (const source of projection.sources) {
    const { stream, subjects } = source;
    const until = upTo ? (upTo[projection.name]?.[stream] ?? 0) : Number.POSITIVE_INFINITY;
    const from = await ensurePosition(db, projection, stream);
    const commits = log.read({ stream, fromSeq: from + 1, ...(subjects && { subject: subjects }) });
    await writeAll(db, projection, source, { commits, from, until });
  }
}

async function writeAll(
  db: Kysely<ReadModel>,
  projection: Projection,
  source: ProjectionSource,
  range: {
    commits: ReturnType<EventLog['read']>;
    from: number;
    until: number;
  },
): Promise<void> {
  let after = range.from;
  let batch: Recorded[] = [];
  let bytes = 0;
  const flush = async () => {
    if (batch.length === 0) return;
    const written = await writeBatch(db, projection, source, { commits: batch, after });
    after = written.position;
    batch = [];
    bytes = 0;
  };
  for await (const stored of range.commits) {
    if (stored.seq > range.until) break;
    batch.push(toRecorded(stored));
    bytes += stored.bytes.length;
    if (batch.length >= BATCH_COMMITS || bytes >= BATCH_BYTES) await flush();
  }
  await flush();
}

/** Takes a schema that was built beside the served one away again. */
export async function dropSchema(url: string, schema: string): Promise<void> {
  const db = connect(url, { poolSize: 1 });
  try {
    await sql`drop schema if exists ${sql.id(checkedSchema(schema))} cascade`.execute(db);
  } finally {
    await db.destroy();
  }
}
