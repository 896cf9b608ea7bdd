import { Migrator } from 'kysely/migration';
import { checkedSchema, connect, DEFAULT_SCHEMA } from './connect.js';
import { withRemedy } from './database-refused.js';
import { migrations } from './migrations/migrations.js';

/**
 * Each migration stands for itself: none touches what another one of the same release makes. So one that
 * came late is run all the same, where those after it were run before.
 */
const ALLOW_UNORDERED = true;

/** A migration may rewrite a large table. */
const STATEMENT_TIMEOUT_MS = 60 * 60 * 1000;

/**
 * Brings a schema up to date, making it when it is not there, and gives the names of the migrations
 * that were run. Any number of processes may do so at once: one works, the others wait and find it done.
 */
export async function migrate(url: string, options: { schema?: string } = {}): Promise<string[]> {
  const schema = checkedSchema(options.schema ?? DEFAULT_SCHEMA);
  const db = connect(url, {
    schema,
    poolSize: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    applicationName: 'carillon-migrate',
  });
  try {
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => migrations },
      migrationTableSchema: schema,
      allowUnorderedMigrations: ALLOW_UNORDERED,
    });
    const { error, results } = await migrator.migrateToLatest();
    if (error) throw error;
    return (results ?? []).map(({ migrationName }) => migrationName);
  } catch (error) {
    throw withRemedy(error, url);
  } finally {
    await db.destroy();
  }
}
