import type { Kysely } from 'kysely';
import type { Recorded } from '#libs/consumer';
import { type DatabaseTemplate, startTestPostgres, type TestPostgres } from '#libs/testing';
import { connect } from '../connect.js';
import { migrate } from '../migrate.js';
import { ensurePosition, writeBatch } from '../positions.js';
import type { Projection } from '../projection.js';
import type { ReadModel } from '../tables.js';

/** Bumped whenever the migrations change, since a template lives as long as the server of the run. */
export const MIGRATED: DatabaseTemplate = {
  name: 'read_model',
  prepare: async (url) => {
    await migrate(url);
  },
};

export interface ReadModelUnderTest {
  readonly postgres: TestPostgres;
  /** A migrated database of its own, and a connection that is closed with the rest. */
  open(): Promise<{ db: Kysely<ReadModel>; url: string }>;
  stop(): Promise<void>;
}

export async function startReadModel(): Promise<ReadModelUnderTest> {
  const postgres = await startTestPostgres();
  const opened: Kysely<ReadModel>[] = [];
  return {
    postgres,
    open: async () => {
      const url = await postgres.createDatabase(MIGRATED);
      const db = connect(url, { poolSize: 4 });
      opened.push(db);
      return { db, url };
    },
    stop: async () => {
      await Promise.all(opened.map((db) => db.destroy()));
      await postgres.stop();
    },
  };
}

/** Feeds commits of one or several streams, in their order, a batch to `size` commits. */
export async function feed(
  db: Kysely<ReadModel>,
  projection: Projection,
  commits: readonly Recorded[],
  size: () => number = () => commits.length,
): Promise<void> {
  for (const source of projection.sources) {
    const own = commits.filter(({ stream }) => stream === source.stream);
    let after = await ensurePosition(db, projection, source.stream);
    for (let from = 0; from < own.length; ) {
      const batch = own.slice(from, from + Math.max(1, size()));
      ({ position: after } = await writeBatch(db, projection, source, { commits: batch, after }));
      from += batch.length;
    }
  }
}

/** The same commits again, as a replica would bring them that reads behind: nothing may change. */
export async function feedAgain(
  db: Kysely<ReadModel>,
  projection: Projection,
  commits: readonly Recorded[],
): Promise<void> {
  for (const source of projection.sources) {
    const own = commits.filter(({ stream }) => stream === source.stream);
    for (const commit of own)
      await writeBatch(db, projection, source, { commits: [commit], after: commit.seq - 1 });
  }
}
