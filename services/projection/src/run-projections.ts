import type { NatsConnection } from '@nats-io/transport-node';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { Clock } from '#libs/clock';
import { ProjectionRunner, type RunnerHealth, type RunnerLimits, type Sink } from '#libs/consumer';
import type { EventLog } from '#libs/event-log';
import {
  connect,
  DatabaseRefused,
  DEFAULT_SCHEMA,
  ensurePosition,
  isPoison,
  migrate,
  type ReadModel,
  writeBatch,
} from '#libs/read-model';
import type { Logger, Ops } from '#libs/runtime';
import { publishNotices } from './notices.js';
import { type WiringRow, wiring } from './projection.wiring.js';
import { observeRunners } from './projection-metrics.js';

/** Pause before the tables are looked at again, when Postgres was away at the start. */
const MIGRATE_AGAIN_MS = 2_000;

export interface ProjectionDeps {
  readonly nc: NatsConnection;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ops: Pick<Ops, 'check'>;
  readonly databaseUrl: string;
  readonly schema?: string;
  readonly limits?: Partial<RunnerLimits>;
}

/** One runner a row of the wiring, over a pool with a connection for each. */
export class Projections implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #deps: ProjectionDeps;
  readonly #db: Kysely<ReadModel>;
  readonly #runners: readonly ProjectionRunner[];
  readonly #ending = new AbortController();
  #undo: (() => void)[] = [];
  #starting: Promise<void> = Promise.resolve();

  constructor(deps: ProjectionDeps) {
    this.#deps = deps;
    const { log, clock, logger, limits, databaseUrl, schema = DEFAULT_SCHEMA } = deps;
    this.#db = connect(databaseUrl, {
      schema,
      poolSize: wiring.length,
      applicationName: 'carillon-projection',
      asyncCommit: true,
    });
    this.#runners = wiring.map(
      (row) =>
        new ProjectionRunner(row, {
          log,
          clock,
          logger,
          sink: this.#sinkOf(row),
          ...(limits && { limits }),
        }),
    );
  }

  health(): RunnerHealth[] {
    return this.#runners.map((runner) => runner.health());
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#undo = [
      observeRunners(() => this.health()),
      ...this.#runners.map((runner) =>
        this.#deps.ops.check(
          `projection:${runner.row.name}:${runner.row.stream}`,
          () => runner.health().state === 'following',
        ),
      ),
    ];
    // The first try is waited for, so that whoever is started next finds the tables; a database
    // that is away is no reason to keep the rest of the process from starting.
    if (await this.#migrated()) this.#startRunners();
    else this.#starting = this.#startLater();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    await this.#starting;
    await Promise.all(this.#runners.map((runner) => runner.stop()));
    for (const undo of this.#undo) undo();
    await this.#db.destroy();
  }

  async #startLater(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await this.#deps.clock.sleep(MIGRATE_AGAIN_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      if (await this.#migrated()) return this.#startRunners();
    }
  }

  #startRunners(): void {
    for (const runner of this.#runners) runner.start();
  }

  async #migrated(): Promise<boolean> {
    const { databaseUrl, schema = DEFAULT_SCHEMA, logger } = this.#deps;
    try {
      const ran = await migrate(databaseUrl, { schema });
      if (ran.length > 0) logger.info({ ran }, 'tables brought up to date');
      return true;
    } catch (error) {
      if (error instanceof DatabaseRefused) throw error;
      logger.error({ err: error }, 'the tables could not be brought up to date; trying again');
      return false;
    }
  }

  #sinkOf({ projection, source }: WiringRow): Sink {
    const { nc } = this.#deps;
    const { stream } = source;
    return {
      position: () => ensurePosition(this.#db, projection, stream),
      write: async (commits, after) => {
        const batch = { commits, after };
        const { position, touched } = await writeBatch(this.#db, projection, source, batch);
        publishNotices(nc, touched, { stream, seq: position });
        return position;
      },
      isPoison,
    };
  }
}
