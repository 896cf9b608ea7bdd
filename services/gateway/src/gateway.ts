import { type Kysely, sql } from 'kysely';
import {
  connect as connectReadModel,
  DatabaseRefused,
  type ReadModel,
  withRemedy,
} from '#libs/read-model';
import { type ServiceDefinition } from '#libs/runtime';
import { databaseUrlOf, gatewaySettings, packageVersion } from './config.js';
import { READ_TIMEOUT_MS } from './limits.js';
import { startGateway } from './start-gateway.js';

export const gateway: ServiceDefinition<typeof gatewaySettings> = {
  name: 'gateway',
  section: 'gateway',
  settings: gatewaySettings,
  start: async ({ settings, log, clock, ops, connect }) => {
    const databaseUrl = databaseUrlOf(settings);
    const db = connectReadModel(databaseUrl, {
      poolSize: settings.postgresPool,
      statementTimeoutMs: READ_TIMEOUT_MS,
      applicationName: 'carillon-gateway',
    });
    await refuseToStartUnlessLetIn(db, databaseUrl);
    ops.check('read model', () => sql`select 1`.execute(db).then(() => true));
    const nc = await connect('gateway');
    const version = packageVersion();
    const running = await startGateway({ nc, db, clock, log, ops, settings, version });
    return {
      stop: async () => {
        await running.stop();
        await db.destroy();
      },
    };
  },
};

/** A database that is away may come; one that refuses the credential will not change its mind. */
async function refuseToStartUnlessLetIn(db: Kysely<ReadModel>, databaseUrl: string): Promise<void> {
  try {
    await sql`select 1`.execute(db);
  } catch (error) {
    const told = withRemedy(error, databaseUrl);
    if (told instanceof DatabaseRefused) throw told;
  }
}
