import { JetStreamEventLog, provisionStreams } from '#libs/event-log';
import { type ServiceDefinition, startModule } from '#libs/runtime';
import { TickerModule } from './ticker.module.js';

export const ticker: ServiceDefinition<Record<never, never>> = {
  name: 'ticker',
  start: async ({ settings, log: logger, clock, instance, connect }) => {
    const nc = await connect('ticker');
    const { shards, streamReplicas: replicas } = settings;
    await provisionStreams(nc, { replicas, shards });
    const log = new JetStreamEventLog(nc);
    const deps = { nc, log, clock, logger, shards, instance };
    return startModule(TickerModule.register(deps), logger);
  },
};
