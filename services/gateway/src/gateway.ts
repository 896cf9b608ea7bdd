import { sql } from 'kysely';
import { connect as connectReadModel } from '#libs/read-model';
import { type ServiceDefinition } from '#libs/runtime';
import { databaseUrlOf, gatewaySettings, packageVersion } from './config.js';
import { READ_TIMEOUT_MS } from './limits.js';
import { startGateway } from './start-gateway.js';

export const gateway: ServiceDefinition<typeof gatewaySettings> = {
  name: 'gateway',
  section: 'gateway',
  settings: gatewaySettings,
  start: async ({ settings, log, clock, ops, connect }) => {
    const db = connectReadModel(databaseUrlOf(settings), {
      poolSize: settings.postgresPool,
      statementTimeoutMs: READ_TIMEOUT_MS,
      applicationName: 'carillon-gateway',
    });
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
