import { JetStreamEventLog, provisionStreams } from '#libs/event-log';
import { type ServiceDefinition, startModule } from '#libs/runtime';
import { DispatchModule } from './dispatch.module.js';

export const dispatch: ServiceDefinition<Record<never, never>> = {
  name: 'dispatch',
  start: async ({ settings, log: logger, clock, instance, connect }) => {
    const nc = await connect('dispatch');
    const { shards, streamReplicas: replicas } = settings;
    await provisionStreams(nc, { replicas, shards });
    const log = new JetStreamEventLog(nc);
    const deps = { nc, log, clock, logger, shards, instance };
    return startModule(DispatchModule.register(deps), logger);
  },
};
