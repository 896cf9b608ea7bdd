import type { NatsConnection } from '@nats-io/transport-node';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Clock } from '#libs/clock';
import { JetStreamEventLog } from '#libs/event-log';
import type { Logger } from '#libs/runtime';
import { browserOf, type ExecutionSettings } from './config.js';
import { Worker } from './worker.js';

export interface ExecutionDeps {
  readonly nc: NatsConnection;
  readonly log: Logger;
  readonly clock: Clock;
  readonly settings: ExecutionSettings;
}

const WORKER = Symbol('worker');

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a class
export class ExecutionModule {
  static register(deps: ExecutionDeps): DynamicModule {
    return {
      module: ExecutionModule,
      providers: [{ provide: WORKER, useFactory: () => lifeOf(deps) }],
    };
  }
}

/** The worker lives as long as the module. */
function lifeOf(deps: ExecutionDeps) {
  const worker = new Worker({
    ...deps,
    eventLog: new JetStreamEventLog(deps.nc),
    browser: browserOf(deps.settings),
  });
  return {
    onApplicationBootstrap: () => worker.start(),
    onApplicationShutdown: () => worker.stop(),
  };
}
