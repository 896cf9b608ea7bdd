import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { clockWitnessedByBroker, JetStreamEventLog, provisionStreams } from '#libs/event-log';
import { natsOptions, nestLogger, type ServiceDefinition } from '#libs/runtime';
import { DefinitionsModule } from './definitions.module.js';
import { BytesIn, BytesOut } from './nats/raw-bytes.js';

/** Every replica subscribes in this queue group, so each command is answered by one. */
const QUEUE = 'definitions';

export const definitions: ServiceDefinition<Record<never, never>> = {
  name: 'definitions',
  start: async ({ settings, log: logger, clock: machine, connect }) => {
    const nc = await connect('definitions');
    await provisionStreams(nc, { replicas: settings.streamReplicas, shards: settings.shards });
    // What it stamps decides from when on a definition holds.
    const clock = await clockWitnessedByBroker({
      nc,
      clock: machine,
      stream: 'DEFINITIONS',
      offsetMs: settings.clockOffsetMs,
      onVerdict: (verdict, offMs) =>
        logger.warn({ verdict, offMs }, 'the clock of this machine is not as it was, or should be'),
    });
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(
      DefinitionsModule.register({ log: new JetStreamEventLog(nc), clock, logger }),
      {
        logger: nestLogger(logger),
        abortOnError: false,
        transport: Transport.NATS,
        options: {
          ...natsOptions(settings),
          queue: QUEUE,
          deserializer: new BytesIn(),
          serializer: new BytesOut(),
          maxReconnectAttempts: -1,
          pingInterval: 5_000,
          reconnectTimeWait: 250,
          waitOnFirstConnect: true,
        },
      },
    );
    await app.listen();
    return {
      stop: async () => {
        await app.close();
        clock.stop();
      },
    };
  },
};
