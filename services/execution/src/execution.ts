import { provisionStreams } from '#libs/event-log';
import { type ServiceDefinition, startModule } from '#libs/runtime';
import { executionSettings } from './config.js';
import { ExecutionModule } from './execution.module.js';

export const execution: ServiceDefinition<typeof executionSettings> = {
  name: 'execution',
  section: 'execution',
  settings: executionSettings,
  start: async ({ settings, log, clock, connect }) => {
    const nc = await connect('execution');
    await provisionStreams(nc, { replicas: settings.streamReplicas, shards: settings.shards });
    return startModule(ExecutionModule.register({ nc, log, clock, settings }), log);
  },
};
