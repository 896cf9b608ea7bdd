import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Clock } from '#libs/clock';
import { fromBinary, subjects, worker as w } from '#libs/contracts';
import { type EventLog, provisionStreams } from '#libs/event-log';
import type { Logger } from '#libs/runtime';
import type { BrowserSettings, StopCause } from './child/protocol.js';
import { ChildPool } from './children/child-pool.js';
import { openScratch, type Scratch, sweepDeadWorkers } from './children/scratch.js';
import { type ExecutionSettings, finderEnvironment } from './config.js';
import { LogBuffer } from './logs/attempt-log.js';
import { Heartbeat } from './nats/heartbeat.js';
import { OfferPull } from './nats/pull-offers.js';
import { ArtifactStore } from './nats/store-artifact.js';
import { EndTeller } from './nats/tell-ends.js';
import { RunningAttempts } from './running-attempts.js';
import type { Isolation } from './sandbox/isolation.js';
import { closeIsolation, openIsolation } from './sandbox/open-isolation.js';
import { OfferTaker } from './take-offer.js';
import { workerMetrics } from './worker-metrics.js';

/** What is told at the end of a drain may take this long; then the worker ends without it. */
const LAST_FACTS_MS = 3_000;

export interface WorkerDeps {
  readonly nc: NatsConnection;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: Pick<
    ExecutionSettings,
    | 'dataDir'
    | 'systemSlots'
    | 'browserSlots'
    | 'drainGraceMs'
    | 'stopGraceMs'
    | 'sandbox'
    | 'streamReplicas'
    | 'shards'
  >;
  readonly browser: BrowserSettings | undefined;
}

const causes: Readonly<Record<w.StopCause, StopCause | undefined>> = {
  [w.StopCause.UNSPECIFIED]: undefined,
  [w.StopCause.CANCELLED]: 'cancelled',
  [w.StopCause.SUPERSEDED]: 'superseded',
};

/**
 * One worker: takes offers as far as it has slots, runs them, and tells what became of them. Its id
 * is new with every start: a worker that comes back is another one, and has none of the old one's
 * attempts.
 */
export class Worker {
  readonly id = newWorkerId();
  readonly #deps: WorkerDeps;
  readonly #abandon = new AbortController();
  readonly #running: RunningAttempts;
  readonly #heartbeat: Heartbeat;
  readonly #metrics: ReturnType<typeof workerMetrics>;
  #pulls: readonly OfferPull[] = [];
  #stops: Subscription | undefined;
  #scratch: Scratch | undefined;
  #isolation: Isolation | undefined;
  #children: ChildPool | undefined;
  #draining = false;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
    this.#running = new RunningAttempts(slotsOf(deps));
    this.#metrics = workerMetrics(this.#running);
    this.#heartbeat = new Heartbeat({
      nc: deps.nc,
      clock: deps.clock,
      workerId: this.id,
      state: () => ({
        pools: this.#draining ? [] : this.#running.pools(),
        draining: this.#draining,
        running: this.#running.list(),
        isolation: this.#isolation,
      }),
    });
  }

  async start(): Promise<void> {
    const { nc, clock, log, settings, browser } = this.#deps;
    const ended = await sweepDeadWorkers(settings.dataDir, clock);
    if (ended > 0) log.warn({ ended }, 'ended processes that dead workers left behind');
    this.#scratch = await openScratch(settings.dataDir);
    this.#isolation = await openIsolation({
      scratch: this.#scratch,
      settings: { sandbox: settings.sandbox, env: finderEnvironment() },
      clock,
      log,
    });
    this.#children = new ChildPool({ scratch: this.#scratch, clock, log });
    await this.#children.warmUp();
    this.#listenForStops();
    const taker = this.#taker(this.#scratch, this.#children, this.#isolation);
    this.#pulls = this.#running
      .pools()
      .filter(({ slots }) => slots > 0)
      .map(
        ({ pool }) =>
          new OfferPull(
            { nc, clock, log, provision: () => this.#provision() },
            {
              pool,
              free: () => this.#running.free(pool),
              onStall: () => this.#metrics.offersStalled(pool),
              onOffer: (message) => taker.take(pool, message),
            },
          ),
      );
    this.#running.onFree(() => {
      for (const pull of this.#pulls) pull.wake();
    });
    // Heard before the first offer is taken: nobody may miss the worker of an attempt.
    this.#heartbeat.start();
    await Promise.all(this.#pulls.map((pull) => pull.start()));
    log.info(
      { workerId: this.id, pools: this.#running.pools(), scratch: this.#scratch.folder },
      browser === undefined
        ? 'taking offers; no Chromium was found, so no browser tasks'
        : `taking offers; browser tasks with ${browser.executablePath}`,
    );
  }

  /** Takes nothing more, waits for what runs, hands back what is not done in time, and ends. */
  async stop(): Promise<void> {
    const { clock, log, settings } = this.#deps;
    this.#draining = true;
    for (const pull of this.#pulls) pull.stop();
    this.#heartbeat.beat();
    if (!(await this.#idleWithin(settings.drainGraceMs))) {
      log.warn({ running: this.#running.list().length }, 'handing back what still runs');
      this.#running.stopAll('drained');
      if (!(await this.#idleWithin(settings.stopGraceMs + LAST_FACTS_MS))) {
        log.error('the log did not take the last facts in time');
        this.#abandon.abort(new Error('the worker ends'));
        await this.#idleWithin(LAST_FACTS_MS);
      }
    }
    this.#abandon.abort(new Error('the worker ends'));
    this.#heartbeat.stop();
    this.#stops?.unsubscribe();
    this.#metrics.stop();
    await this.#children?.close();
    if (this.#isolation && this.#scratch) closeIsolation(this.#isolation, this.#scratch);
    await this.#scratch?.remove();
    log.info({ workerId: this.id, at: clock.now() }, 'drained');
  }

  #provision(): Promise<void> {
    const { streamReplicas, shards } = this.#deps.settings;
    return provisionStreams(this.#deps.nc, { replicas: streamReplicas, shards });
  }

  #taker(scratch: Scratch, pool: ChildPool, isolation: Isolation): OfferTaker {
    const { nc, eventLog, clock, log, settings, browser } = this.#deps;
    const common = { eventLog, clock, log, workerId: this.id, abandon: this.#abandon.signal };
    return new OfferTaker({
      ...common,
      running: this.#running,
      ends: new EndTeller(common),
      isDraining: () => this.#draining,
      metrics: this.#metrics,
      run: {
        ...common,
        browser,
        scratch,
        pool,
        isolation,
        buffer: new LogBuffer((lines) => this.#metrics.linesDropped(lines)),
        artifacts: new ArtifactStore(nc, settings.streamReplicas),
        stopGraceMs: settings.stopGraceMs,
      },
    });
  }

  #listenForStops(): void {
    const { nc, log } = this.#deps;
    this.#stops = nc.subscribe(subjects.stopAttempt(this.id), {
      callback: (error, message) => {
        if (error !== null) return;
        try {
          const signal = fromBinary(w.StopAttemptSchema, message.data);
          const { executionId, fence } = signal;
          const why = signal.force ? 'terminated' : causes[signal.cause];
          if (why !== undefined) this.#running.stop(executionId, fence, why);
        } catch (err) {
          log.warn({ err }, 'a stop signal could not be read');
        }
      },
    });
  }

  async #idleWithin(ms: number): Promise<boolean> {
    const enough = new AbortController();
    const idle = await Promise.race([
      this.#running.idle().then(() => true),
      this.#deps.clock.sleep(ms, enough.signal).then(
        () => false,
        () => false,
      ),
    ]);
    enough.abort();
    return idle;
  }
}

function slotsOf({ settings, browser }: WorkerDeps): ReadonlyMap<string, number> {
  return new Map([
    ['system', settings.systemSlots],
    ['browser', browser === undefined ? 0 : settings.browserSlots],
  ]);
}

const HOST_CHARS = 40;

function newWorkerId(): string {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9_-]/g, '-')
    .slice(0, HOST_CHARS);
  return `${host}-${randomBytes(6).toString('hex')}`;
}
