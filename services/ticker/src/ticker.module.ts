import type { NatsConnection } from '@nats-io/transport-node';
import {
  type DynamicModule,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';
import type { Clock } from '#libs/clock';
import type { EventLog } from '#libs/event-log';
import { KvElector } from '#libs/leadership';
import { feedDefinitions } from './definitions-feed.js';
import { TickLoop } from './tick-loop.js';
import { tickMetrics } from './tick-metrics.js';

export interface TickerDeps {
  readonly nc: NatsConnection;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly shards: number;
  /** Unique for each start of a process. */
  readonly instance: string;
}

/** One loop and one candidate for each shard; one feed of definitions for all of them. */
class Ticker implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #deps: TickerDeps;
  readonly #loops: TickLoop[];
  readonly #electors: KvElector[];
  readonly #ending = new AbortController();
  #feed: Promise<void> | undefined;

  constructor(deps: TickerDeps) {
    this.#deps = deps;
    const metrics = tickMetrics();
    const { log, clock, logger, nc, instance } = deps;
    this.#loops = Array.from(
      { length: deps.shards },
      (_, shard) => new TickLoop({ shard, log, clock, logger, metrics }),
    );
    this.#electors = this.#loops.map(
      (loop, shard) =>
        new KvElector({
          nc,
          clock,
          lease: `ticker.${shard}`,
          holder: instance,
          lead: (term) => loop.lead(term),
          onError: (error) => logger.error({ err: error, shard }, 'leadership'),
        }),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    const { log, clock, shards, logger } = this.#deps;
    await Promise.all(this.#loops.map((loop) => loop.start()));
    this.#feed = feedDefinitions(
      {
        log,
        clock,
        shards,
        onDefinition: (shard, definition) => this.#loops[shard]?.tell(definition),
        onSeq: (seq) => {
          for (const loop of this.#loops) loop.toldUpTo(seq);
        },
        onError: (error) => logger.error({ err: error }, 'definitions could not be followed'),
      },
      this.#ending.signal,
    );
    await Promise.all(this.#electors.map((elector) => elector.start()));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#electors.map((elector) => elector.stop()));
    this.#ending.abort();
    await this.#feed;
  }
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a class
export class TickerModule {
  static register(deps: TickerDeps): DynamicModule {
    return {
      module: TickerModule,
      providers: [{ provide: Ticker, useFactory: () => new Ticker(deps) }],
    };
  }
}
