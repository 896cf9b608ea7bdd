import { clockWitnessedByBroker, JetStreamEventLog, provisionStreams } from '#libs/event-log';
import { type ServiceDefinition, startModule } from '#libs/runtime';
import { TickerModule } from './ticker.module.js';

export const ticker: ServiceDefinition<Record<never, never>> = {
  name: 'ticker',
  start: async ({ settings, log: logger, clock: machine, instance, connect }) => {
    const nc = await connect('ticker');
    const { shards, streamReplicas: replicas, clockOffsetMs: offsetMs } = settings;
    await provisionStreams(nc, { replicas, shards });
    const log = new JetStreamEventLog(nc);
    const clock = await clockWitnessedByBroker({
      nc,
      clock: machine,
      stream: 'TICKS',
      offsetMs,
      onVerdict: (verdict, offMs) =>
        logger.warn({ verdict, offMs }, 'the clock of this machine is not as it was, or should be'),
    });
    const deps = { nc, log, clock, logger, shards, replicas, instance };
    const running = await startModule(TickerModule.register(deps), logger);
    return {
      stop: async () => {
        await running.stop();
        clock.stop();
      },
    };
  },
};
