import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Clock } from '#libs/clock';
import { fromBinary, subjects, worker as w } from '#libs/contracts';
import type { EventLog } from '#libs/event-log';
import type { Logger } from '#libs/runtime';
import type { BrowserSettings, StopCause } from './child/protocol.js';
import { ChildPool } from './children/child-pool.js';
import { openScratch, type Scratch, sweepDeadWorkers } from './children/scratch.js';
import { type ExecutionSettings, finderEnvironment } from './config.js';
import { SlotGrants } from './grants/slot-grants.js';
import { LogBuffer } from './logs/attempt-log.js';
import { Heartbeat } from './nats/heartbeat.js';
import { Naps } from './nats/naps.js';
import { ArtifactStore } from './nats/store-artifact.js';
import { FactTeller } from './nats/tell-facts.js';
import { RunningAttempts } from './running-attempts.js';
import type { Isolation } from './sandbox/isolation.js';
import { closeIsolation, openIsolation } from './sandbox/open-isolation.js';
import { OfferTaker } from './take-offer.js';
import { workerMetrics } from './worker-metrics.js';
import { labelsOf, slotsOf } from './worker-pools.js';
import { dispatchAsker } from './workflow/ask-dispatch.js';
import { listenForEvents } from './workflow/on-event.js';

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
    | 'pools'
    | 'systemSlots'
    | 'browserSlots'
    | 'workflowSlots'
    | 'workerLabels'
    | 'region'
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
 * One worker: divides its slots between the shards, runs what it is given, and tells what became of it. Its id
 * is new with every start: a worker that comes back is another one, and has none of the old one's
 * attempts.
 */
export class Worker {
  readonly id = newWorkerId();
  readonly #deps: WorkerDeps;
  readonly #abandon = new AbortController();
  readonly #running: RunningAttempts;
  readonly #grants: SlotGrants;
  readonly #heartbeat: Heartbeat;
  readonly #naps: Naps;
  readonly #metrics: ReturnType<typeof workerMetrics>;
  #subscriptions: readonly Subscription[] = [];
  #scratch: Scratch | undefined;
  #isolation: Isolation | undefined;
  #children: ChildPool | undefined;
  #offers: OfferTaker | undefined;
  #draining = false;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
    const slots = slotsOf(deps.settings, deps.browser !== undefined);
    this.#running = new RunningAttempts(slots);
    this.#grants = new SlotGrants({
      clock: deps.clock,
      slots,
      inUse: (pool, shard) => this.#running.inUse(pool, shard),
      onChange: () => this.#heartbeat.beat(),
    });
    this.#naps = new Naps(deps.nc, deps.clock);
    this.#metrics = workerMetrics(this.#running, () => this.#isolation?.tier);
    this.#heartbeat = new Heartbeat({
      nc: deps.nc,
      clock: deps.clock,
      workerId: this.id,
      labels: labelsOf(deps.settings),
      region: deps.settings.region ?? '',
      beforeBeat: () => this.#grants.beat(),
      state: () => ({
        pools: this.#draining ? [] : this.#running.pools(),
        grants: this.#draining ? [] : this.#grants.list(),
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
    const taker = this.#taker(this.#scratch, this.#children, this.#isolation);
    this.#offers = taker;
    this.#running.onFree(() => this.#grants.freed());
    this.#subscriptions = [
      this.#listenForStops(),
      this.#listenForEvents(),
      this.#on(subjects.workerDemand, (bytes) =>
        this.#grants.hear(fromBinary(w.DemandSchema, bytes)),
      ),
      // Not before what the broker has said earlier is dealt with, such as that an end is stored.
      this.#on(subjects.offer(this.id), (bytes) => setImmediate(() => taker.take(bytes))),
    ];
    this.#naps.start();
    // Whoever hears it may give it work: it has to listen by then.
    await nc.flush();
    this.#heartbeat.start();
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
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#naps.stop();
    this.#grants.stop();
    this.#metrics.stop();
    await this.#children?.close();
    if (this.#isolation && this.#scratch) closeIsolation(this.#isolation, this.#scratch);
    await this.#scratch?.remove();
    log.info({ workerId: this.id, at: clock.now() }, 'drained');
  }

  #taker(scratch: Scratch, pool: ChildPool, isolation: Isolation): OfferTaker {
    const { nc, eventLog, clock, log, settings, browser } = this.#deps;
    const common = { eventLog, clock, log, workerId: this.id, abandon: this.#abandon.signal };
    return new OfferTaker({
      ...common,
      running: this.#running,
      grants: this.#grants,
      facts: new FactTeller(common),
      isDrowsy: () => this.#naps.isDrowsy,
      isDraining: () => this.#draining,
      metrics: this.#metrics,
      run: {
        ...common,
        browser,
        scratch,
        pool,
        isolation,
        buffer: new LogBuffer((lines) => this.#metrics.linesDropped(lines)),
        askDispatch: dispatchAsker({ nc, clock }),
        artifacts: new ArtifactStore(nc, settings.streamReplicas),
        stopGraceMs: settings.stopGraceMs,
      },
    });
  }

  #listenForEvents(): Subscription {
    const { nc, eventLog, clock, log, settings } = this.#deps;
    const { shards } = settings;
    const abandon = this.#abandon.signal;
    return listenForEvents({ nc, eventLog, clock, log, workerId: this.id, abandon, shards });
  }

  #listenForStops(): Subscription {
    return this.#on(subjects.stopAttempt(this.id), (bytes) => {
      const { executionId, fence, force, cause } = fromBinary(w.StopAttemptSchema, bytes);
      const why = force ? 'terminated' : causes[cause];
      if (why !== undefined) this.#running.stop(executionId, fence, why);
    });
  }

  #on(subject: string, take: (bytes: Uint8Array) => void): Subscription {
    const { nc, log } = this.#deps;
    return nc.subscribe(subject, {
      callback: (error, message) => {
        if (error !== null) return;
        try {
          take(message.data);
        } catch (err) {
          log.warn({ err, subject }, 'a signal could not be read');
        }
      },
    });
  }

  async #idleWithin(ms: number): Promise<boolean> {
    const enough = new AbortController();
    const idle = await Promise.race([
      Promise.all([this.#running.idle(), this.#offers?.settled()]).then(() => true),
      this.#deps.clock.sleep(ms, enough.signal).then(
        () => false,
        () => false,
      ),
    ]);
    enough.abort();
    return idle;
  }
}

const HOST_CHARS = 40;

function newWorkerId(): string {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9_-]/g, '-')
    .slice(0, HOST_CHARS);
  return `${host}-${randomBytes(6).toString('hex')}`;
}
