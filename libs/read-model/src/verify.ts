import type { EventLog } from '#libs/event-log';
import { buildInto, dropSchema, type Positions, positionsOf } from './build-into.js';
import { compareTables, type Difference, type TableHash, tableHashes } from './compare.js';
import { connect, DEFAULT_SCHEMA } from './connect.js';

export interface VerifyRequest {
  readonly url: string;
  readonly log: Pick<EventLog, 'read'>;
  readonly schema?: string;
  /** Made and dropped by this call. */
  readonly scratchSchema?: string;
}

export interface Verdict {
  /** What was compared: the served tables as of these positions. */
  readonly positions: Positions;
  readonly tables: readonly TableHash[];
  /** Left is the served row, right the one that the log gives; undefined when all are equal. */
  readonly difference: Difference | undefined;
}

/**
 * Whether the served tables are the fold of the log. They may move meanwhile: they are seen as of
 * one snapshot, and the log is folded up to the positions which that snapshot names.
 */
export async function verifyReadModel(request: VerifyRequest): Promise<Verdict> {
  const { url, log, schema = DEFAULT_SCHEMA } = request;
  const scratchSchema = request.scratchSchema ?? `${schema}_verify`;
  // The snapshot's transaction idles while the log is folded.
  const served = connect(url, {
    schema,
    poolSize: 1,
    idleInTransactionMs: 0,
    statementTimeoutMs: 0,
  });
  const scratch = connect(url, { schema: scratchSchema, poolSize: 1, statementTimeoutMs: 0 });
  try {
    await dropSchema(url, scratchSchema);
    return await served
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (snapshot) => {
        const positions = await positionsOf(snapshot, schema);
        await buildInto({ url, schema: scratchSchema, log, upTo: positions });
        const left = { db: snapshot, schema };
        const right = { db: scratch, schema: scratchSchema };
        const difference = await compareTables(left, right);
        return { positions, tables: await tableHashes(left), difference };
      });
  } finally {
    await Promise.all([served.destroy(), scratch.destroy()]);
    await dropSchema(url, scratchSchema);
  }
}
