import { type Kysely, sql, type Transaction } from 'kysely';
import type { Recorded } from '#libs/consumer';
import type { StreamName } from '#libs/contracts';
import { FoldFailed, type Projection, type ProjectionSource, type Touched } from './projection.js';
import type { ReadModel } from './tables.js';

/** A newer build has taken the tables over: this one must not write another row. */
export class Superseded extends Error {
  readonly code = 'superseded';
}

/** The stored position is behind what was read: Postgres lost its last commits, or was rebuilt. */
export class PositionMoved extends Error {
  readonly code = 'position-moved';
}

export interface Written {
  /** The stored position, after this write or somebody else's. */
  readonly position: number;
  readonly touched: readonly Touched[];
}

/** Classes of SQLSTATE that speak of the data and not of the server: value, constraint, size. */
const DATA_ERROR = /^(22|23|54)/;

/** Whether an error of `writeBatch` or `ensurePosition` says that no retry will help. */
export function isPoison(error: unknown): boolean {
  if (error instanceof FoldFailed || error instanceof Superseded) return true;
  if (error instanceof TypeError || error instanceof RangeError) return true;
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && code.length === 5 && DATA_ERROR.test(code);
}

/**
 * The position of a source, 0 at its first start. When the tables were written by an older version
 * of the projection they are emptied, to be filled again from the log.
 */
export async function ensurePosition(
  db: Kysely<ReadModel>,
  projection: Projection,
  stream: StreamName,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    // Two that start at once must not both find the tables old.
    await sql`select pg_advisory_xact_lock(hashtextextended(${projection.name}, 0))`.execute(tx);
    const rows = await tx
      .selectFrom('projection_position')
      .selectAll()
      .where('projection', '=', projection.name)
      .execute();
    if (rows.some(({ version }) => version > projection.version)) throw superseded(projection);
    if (rows.some(({ version }) => version < projection.version)) await empty(tx, projection);
    const own = rows.find((row) => row.version === projection.version && row.stream === stream);
    if (own) return own.seq;
    await tx
      .insertInto('projection_position')
      .values({ projection: projection.name, version: projection.version, stream, seq: 0 })
      .execute();
    return 0;
  });
}

/** Takes rows and positions of a projection away: at its next start it reads its streams anew. */
export function resetProjection(db: Kysely<ReadModel>, projection: Projection): Promise<void> {
  return db.transaction().execute((tx) => empty(tx, projection));
}

async function empty(tx: Transaction<ReadModel>, projection: Projection): Promise<void> {
  // The positions first: whoever is writing holds one, and is waited for.
  await tx.deleteFrom('projection_position').where('projection', '=', projection.name).execute();
  const tables = projection.tables.map((table) => sql.table(table));
  await sql`truncate ${sql.join(tables)}`.execute(tx);
}

/**
 * Writes what is new in a batch, rows and position in one transaction. The position's row is locked
 * for its length, so of several replicas one writes and the others find it written.
 */
export async function writeBatch(
  db: Kysely<ReadModel>,
  projection: Projection,
  source: ProjectionSource,
  batch: { readonly commits: readonly Recorded[]; readonly after: number },
): Promise<Written> {
  return db.transaction().execute(async (tx) => {
    const stored = await lockedPosition(tx, projection, source.stream);
    if (stored < batch.after)
      throw new PositionMoved(`${projection.name} of ${source.stream} is back at ${stored}`);
    const fresh = batch.commits.filter(({ seq }) => seq > stored);
    const last = fresh.at(-1);
    if (last === undefined) return { position: stored, touched: [] };
    const touched = await source.apply(tx, fresh);
    await tx
      .updateTable('projection_position')
      .set({ seq: last.seq })
      .where('projection', '=', projection.name)
      .where('version', '=', projection.version)
      .where('stream', '=', source.stream)
      .execute();
    return { position: last.seq, touched };
  });
}

async function lockedPosition(
  tx: Transaction<ReadModel>,
  projection: Projection,
  stream: StreamName,
): Promise<number> {
  const row = await tx
    .selectFrom('projection_position')
    .select('seq')
    .where('projection', '=', projection.name)
    .where('version', '=', projection.version)
    .where('stream', '=', stream)
    .forUpdate()
    .executeTakeFirst();
  if (row) return row.seq;
  throw new PositionMoved(`${projection.name} has no position in ${stream}: it was reset`);
}

function superseded({ name, version }: Projection): Superseded {
  return new Superseded(`the rows of ${name} are of a newer version than ${version}`);
}
