// Brings the read tables of DATABASE_URL up to date: `npm run migrate`, after a build. `npm start`
// does it by itself; this is for services that are started one by one. Several at once do it once.
import { fileURLToPath } from 'node:url';
import { commonSettings, readSettings, SettingsInvalid } from '#libs/runtime';
import { MigrationRefused, migrateDatabase } from './migrate.ts';

try {
  const { databaseUrl } = readSettings({ common: commonSettings }, { env: process.env });
  if (!databaseUrl) {
    throw new SettingsInvalid([{ name: 'DATABASE_URL', problem: 'must be set' }]);
  }
  await migrateDatabase(fileURLToPath(new URL('../..', import.meta.url)), databaseUrl);
} catch (error) {
  if (!(error instanceof SettingsInvalid || error instanceof MigrationRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
