import type { NatsConnection } from '@nats-io/transport-node';
import {
  type DynamicModule,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';
import type { Clock } from '#libs/clock';
import { shardOfSubject } from '#libs/contracts';
import { type EventLog, followForEver } from '#libs/event-log';
import { KvElector } from '#libs/leadership';
import { followDefinitions } from './follow-definitions.js';
import { TickLoop } from './tick-loop.js';
import { tickMetrics } from './tick-metrics.js';

export interface TickerDeps {
  readonly nc: NatsConnection;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly shards: number;
  /** Copies of each stream, and of the leases. */
  readonly replicas: number;
  /** Unique for each start of a process. */
  readonly instance: string;
}

/** One loop and one candidate for each shard; one feed of definitions for all of them. */
class Ticker implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #deps: TickerDeps;
  readonly #loops: TickLoop[];
  readonly #electors: KvElector[];
  readonly #ending = new AbortController();
  #feeds: Promise<unknown> | undefined;

  constructor(deps: TickerDeps) {
    this.#deps = deps;
    const metrics = tickMetrics();
    const { log, clock, logger, nc, instance, replicas } = deps;
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
          replicas,
          lead: (term) => loop.lead(term),
          onError: (error) => logger.error({ err: error, shard }, 'leadership'),
        }),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    const { log, clock, shards, logger } = this.#deps;
    const { signal } = this.#ending;
    const onError = (error: unknown) =>
      logger.error({ err: error }, 'the log could not be followed');
    const fromSeq = (await log.lastSeq('TICKS')) + 1;
    await Promise.all(this.#loops.map((loop) => loop.start()));
    const range = { stream: 'TICKS', fromSeq } as const;
    const ticks = followForEver({ log, clock, range, onError }, signal, (stored) =>
      this.#loops[shardOfSubject(stored.subject)]?.saw(stored),
    );
    const definitions = followDefinitions(
      {
        log,
        clock,
        shards,
        onError,
        onDefinition: (shard, definition) => this.#loops[shard]?.tell(definition),
        onSeq: (seq) => {
          for (const loop of this.#loops) loop.toldUpTo(seq);
        },
      },
      signal,
    );
    this.#feeds = Promise.all([ticks, definitions]);
    await Promise.all(this.#electors.map((elector) => elector.start()));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#electors.map((elector) => elector.stop()));
    this.#ending.abort();
    await this.#feeds;
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
