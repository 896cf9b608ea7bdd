import { JetStreamEventLog, provisionStreams } from '#libs/event-log';
import { type ServiceDefinition, startModule } from '#libs/runtime';
import { databaseUrlOf } from './config.js';
import { ProjectionModule } from './projection.module.js';

export const projection: ServiceDefinition<Record<never, never>> = {
  name: 'projection',
  start: async ({ settings, log: logger, clock, ops, connect }) => {
    const databaseUrl = databaseUrlOf(settings);
    const nc = await connect('projection');
    await provisionStreams(nc, { replicas: settings.streamReplicas, shards: settings.shards });
    const log = new JetStreamEventLog(nc);
    return startModule(
      ProjectionModule.register({ nc, log, clock, logger, ops, databaseUrl }),
      logger,
    );
  },
};
