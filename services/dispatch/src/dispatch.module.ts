import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  type DynamicModule,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';
import type { Clock } from '#libs/clock';
import {
  dispatch as d,
  fromBinary,
  parseDefinitionSubject,
  shardsConcerned,
  subjects,
  toBinary,
} from '#libs/contracts';
import { type EventLog, followForEver } from '#libs/event-log';
import { KvElector } from '#libs/leadership';
import { inSpan, traceOfParent } from '#libs/runtime';
import { rejected } from './answers.js';
import { AutoPause } from './auto-pause.js';
import { Demand } from './demand.js';
import { dispatchMetrics } from './dispatch-metrics.js';
import { Offers } from './offers.js';
import { answerQuery } from './query-door.js';
import { ShardLoop } from './shard-loop.js';
import { ShardSnapshots, SNAPSHOT_LIMITS } from './shard-snapshots.js';
import { SnapshotStore } from './snapshot-store.js';
import { feedStandbys } from './standby-feed.js';
import { StopSignals } from './stop-signals.js';
import { Workers } from './workers.js';

export interface DispatchDeps {
  readonly nc: NatsConnection;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly shards: number;
  /** Copies of each stream, and of the leases. */
  readonly replicas: number;
  /** Commits of a shard from one snapshot to the next. */
  readonly snapshotCommits: number;
  /** Unique for each start of a process. */
  readonly instance: string;
}

interface Shard {
  readonly snapshots: ShardSnapshots;
  readonly loop: ShardLoop;
  readonly elector: KvElector;
}

/** One loop and one candidate for each shard; the feeds and the view of the workers serve all of them. */
class Dispatch implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #deps: DispatchDeps;
  readonly #workers: Workers;
  readonly #shards: Shard[];
  readonly #ending = new AbortController();
  #subscriptions: Subscription[] = [];
  #feeds: Promise<unknown> | undefined;

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
    this.#workers = new Workers(deps.clock);
    const metrics = dispatchMetrics(() => deps.clock.now());
    const store = new SnapshotStore(deps.nc, deps.clock, deps.replicas);
    const limits = { ...SNAPSHOT_LIMITS, commits: deps.snapshotCommits };
    this.#shards = Array.from({ length: deps.shards }, (_, shard) => {
      const { log, clock, logger, nc, instance: holder, replicas } = deps;
      const signals = new StopSignals(nc, shard);
      const workers = this.#workers;
      const autoPause = new AutoPause(nc, (error) =>
        logger.warn({ err: error, shard }, 'a pause after failures could not be asked for'),
      );
      const demand = new Demand({ nc, clock, shard, workers });
      const offers = new Offers({
        nc,
        log,
        clock,
        shard,
        onMissed: (workerId) => workers.missed(workerId),
        onStray: () => loop.nudge(),
        onError: (error) => logger.warn({ err: error, shard }, 'an offer is in doubt for longer'),
      });
      const of = { shard, log, clock, logger, metrics };
      const snapshots = new ShardSnapshots({ ...of, store, limits });
      const parts = { workers, offers, demand, signals, autoPause, snapshots };
      const loop: ShardLoop = new ShardLoop({ ...of, ...parts });
      const elector = new KvElector({
        nc,
        clock,
        holder,
        replicas,
        lease: `dispatch.${shard}`,
        lead: (term) => loop.lead(term),
        onError: (error) => logger.error({ err: error, shard }, 'leadership'),
      });
      return { loop, elector, snapshots };
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.#shards.map(({ loop }) => loop.start()));
    const loops = this.#shards.map(({ loop }) => loop);
    this.#feeds = Promise.all([
      feedStandbys({ ...this.#deps, loops }, this.#ending.signal),
      this.#followDefinitions(),
    ]);
    this.#subscriptions = [
      this.#deps.nc.subscribe(subjects.heartbeat, {
        callback: (_, message) => this.#onHeartbeat(message),
      }),
      this.#deps.nc.subscribe(subjects.workerDemand, {
        callback: () => this.#workers.heardSelf(),
      }),
      ...this.#shards.map(({ loop }, shard) =>
        this.#deps.nc.subscribe(subjects.dispatchCommand(shard), {
          callback: (_, message) => this.#onCommand(loop, message),
        }),
      ),
      ...this.#shards.map(({ loop }, shard) =>
        this.#deps.nc.subscribe(subjects.dispatchQuery(shard), {
          callback: (_, message) => this.#onQuery(loop, message),
        }),
      ),
    ];
    await Promise.all(this.#shards.map(({ elector }) => elector.start()));
  }

  #followDefinitions(): Promise<void> {
    const { log, clock, logger, shards } = this.#deps;
    const onError = (error: unknown) =>
      logger.error({ err: error }, 'definitions could not be followed');
    const range = { stream: 'DEFINITIONS', fromSeq: 1 } as const;
    return followForEver({ log, clock, range, onError }, this.#ending.signal, (stored) => {
      const at = parseDefinitionSubject(stored.subject);
      for (const shard of at ? shardsConcerned(at.account, shards) : [])
        this.#shards[shard]?.loop.tellDefinition(stored);
      for (const { loop } of this.#shards) loop.toldUpTo(stored.seq);
    });
  }

  #onHeartbeat(message: Msg): void {
    const heartbeat = this.#workers.hear(message.data);
    if (heartbeat === undefined) return;
    for (const { loop } of this.#shards) loop.onHeartbeat(heartbeat);
  }

  /** Whoever does not own the shard keeps silent: the owner answers. */
  #onCommand(loop: ShardLoop, message: Msg): void {
    if (!loop.isLeading) return;
    const respond = (reply: d.CommandReply) =>
      message.respond(toBinary(d.CommandReplySchema, reply));
    let command: d.Command;
    try {
      command = fromBinary(d.CommandSchema, message.data);
    } catch {
      respond(rejected('command-invalid', 'These bytes are not a command.'));
      return;
    }
    const done = Promise.withResolvers<void>();
    const name = `dispatch ${command.body.case ?? 'unknown'}`;
    void inSpan(name, { within: traceOfParent(command.traceparent) }, (span) => {
      const answer = (reply: d.CommandReply) => {
        if (reply.result.case === 'accepted')
          span.setAttribute('carillon.execution', reply.result.value.executionId);
        respond(reply);
        done.resolve();
      };
      loop.onCommand({ command, answer, abandon: done.resolve });
      return done.promise;
    });
  }

  /** The same: a standby may be behind. */
  #onQuery(loop: ShardLoop, message: Msg): void {
    if (!loop.isLeading) return;
    const answer = answerQuery(loop.state, message.data, this.#deps.clock.now());
    if (answer !== undefined) message.respond(answer);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#shards.map(({ elector }) => elector.stop()));
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#ending.abort();
    await this.#feeds;
    await Promise.all(this.#shards.map(({ snapshots }) => snapshots.settled()));
  }
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a class
export class DispatchModule {
  static register(deps: DispatchDeps): DynamicModule {
    return {
      module: DispatchModule,
      providers: [{ provide: Dispatch, useFactory: () => new Dispatch(deps) }],
    };
  }
}
