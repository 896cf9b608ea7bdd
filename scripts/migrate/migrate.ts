import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The database can't be brought up to date, for a reason that a user can mend. */
export class MigrationRefused extends Error {
  readonly code = 'migration-refused';
}

/** Brings the read tables up to date, by what was built and not by the sources. */
export async function migrateDatabase(root: string, databaseUrl: string): Promise<void> {
  const door = pathToFileURL(join(root, 'dist/libs/read-model/src/index.js')).href;
  const readModel = (await import(door)) as { migrate(url: string): Promise<unknown> };
  try {
    await readModel.migrate(databaseUrl);
  } catch (error) {
    // By code: the built class is another one than that of the sources.
    if ((error as { code?: unknown }).code !== 'database-refused') throw error;
    throw new MigrationRefused((error as Error).message, { cause: error });
  }
}
