import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Brings the read tables up to date, by what was built and not by the sources. */
export async function migrateDatabase(root: string, databaseUrl: string): Promise<void> {
  const door = pathToFileURL(join(root, 'dist/libs/read-model/src/index.js')).href;
  const readModel = (await import(door)) as { migrate(url: string): Promise<unknown> };
  await readModel.migrate(databaseUrl);
}
