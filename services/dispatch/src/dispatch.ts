import { clockWitnessedByBroker, JetStreamEventLog, provisionStreams } from '#libs/event-log';
import { type ServiceDefinition, startModule } from '#libs/runtime';
import { dispatchSettings } from './config.js';
import { DispatchModule } from './dispatch.module.js';

export const dispatch: ServiceDefinition<typeof dispatchSettings> = {
  name: 'dispatch',
  section: 'dispatch',
  settings: dispatchSettings,
  start: async ({ settings, log: logger, clock: machine, instance, connect }) => {
    const nc = await connect('dispatch');
    const { shards, streamReplicas: replicas, clockOffsetMs: offsetMs, snapshotCommits } = settings;
    await provisionStreams(nc, { replicas, shards });
    const log = new JetStreamEventLog(nc);
    const clock = await clockWitnessedByBroker({
      nc,
      clock: machine,
      stream: 'DISPATCH',
      offsetMs,
      onVerdict: (verdict, offMs) =>
        logger.warn({ verdict, offMs }, 'the clock of this machine is not as it was, or should be'),
    });
    const deps = { nc, log, clock, logger, shards, replicas, instance, snapshotCommits };
    const running = await startModule(DispatchModule.register(deps), logger);
    return {
      stop: async () => {
        await running.stop();
        clock.stop();
      },
    };
  },
};
