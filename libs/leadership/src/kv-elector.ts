import { JetStreamApiError } from '@nats-io/jetstream';
import type { KV, KvEntry } from '@nats-io/kv';
import type { NatsConnection, QueuedIterator, Subscription } from '@nats-io/transport-node';
import type { Clock, Timer } from '#libs/clock';
import { subjects } from '#libs/contracts';
import {
  decodeLease,
  deposes,
  encodeLease,
  LEASE_TIMES,
  type LeaseRecord,
  type LeaseTimes,
  mayTake,
  taken,
  trustedUntil,
} from './lease.js';
import { KV_TIMEOUT_MS, openLeases } from './open-leases.js';

/** At a start among many the broker may be electing leaders of its own. */
const OPENED_WITHIN_MS = 60_000;
const OPEN_PAUSE_MS = 250;

/** A time of leadership. */
export interface Term {
  readonly number: number;
  /** Aborts when the term is over, or no longer to be trusted. */
  readonly signal: AbortSignal;
}

export interface ElectorOptions {
  readonly nc: NatsConnection;
  readonly clock: Clock;
  /** Name of the lease, a subject token and more of them: `ticker.0`. */
  readonly lease: string;
  /** Who we are; unique for each start of a process. */
  readonly holder: string;
  /** Copies of the record: as many as of the journal that is led, or a lost node would end both. */
  readonly replicas: number;
  /** What a leader does, until its term ends. When it returns or throws by itself, it resigns. */
  readonly lead: (term: Term) => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly times?: LeaseTimes;
}

/** Runs for one lease: waits, takes it, leads, and gives it back. */
export class KvElector {
  readonly #options: ElectorOptions;
  readonly #times: LeaseTimes;
  #kv: KV | undefined;
  #record: LeaseRecord | undefined;
  #revision = 0;
  #lastSignMs = 0;
  #term:
    | { number: number; abort: AbortController; untilMs: number; done: Promise<void> }
    | undefined;
  #stopped = false;
  #taking: Promise<void> | undefined;
  #lastRenewMs = 0;
  #timer: Timer | undefined;
  #beats: Subscription | undefined;
  #watch: QueuedIterator<KvEntry> | undefined;

  constructor(options: ElectorOptions) {
    this.#options = options;
    this.#times = options.times ?? LEASE_TIMES;
  }

  /** The term that is being led; undefined while standing by. */
  get leading(): number | undefined {
    return this.#term?.number;
  }

  async start(): Promise<void> {
    const { nc, lease, clock } = this.#options;
    this.#watch = await this.#open();
    this.#lastSignMs = clock.monotonic();
    this.#beats = nc.subscribe(subjects.leaseBeat(lease), {
      callback: () => {
        this.#lastSignMs = clock.monotonic();
      },
    });
    void this.#follow(this.#watch);
    void this.#followStatus();
    this.#arm();
  }

  /** Ends the term if there is one, and gives the lease back, so that the next leader need not wait. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#taking;
    const term = this.#term;
    term?.abort.abort();
    await term?.done;
    this.#watch?.stop();
    this.#beats?.unsubscribe();
  }

  async #open(): Promise<QueuedIterator<KvEntry>> {
    const { nc, clock, replicas, lease, onError } = this.#options;
    const untilMs = clock.monotonic() + OPENED_WITHIN_MS;
    for (;;) {
      try {
        this.#kv = await openLeases(nc, replicas);
        return (await this.#kv.watch({ key: lease })) as QueuedIterator<KvEntry>;
      } catch (error) {
        if (nc.isClosed() || clock.monotonic() > untilMs) throw error;
        onError(error);
      }
      await clock.sleep(OPEN_PAUSE_MS);
    }
  }

  #arm(): void {
    if (this.#stopped) return;
    const afterMs = this.#term === undefined ? this.#times.watchMs : this.#times.beatMs;
    this.#timer = this.#options.clock.setTimer(() => {
      this.#onTimer();
      this.#arm();
    }, afterMs);
  }

  #onTimer(): void {
    const nowMs = this.#options.clock.monotonic();
    if (this.#term === undefined) {
      const connected = !this.#options.nc.isClosed();
      const view = { record: this.#record, lastSignMs: this.#lastSignMs, connected };
      if (this.#taking === undefined && mayTake(view, nowMs, this.#times))
        this.#taking = this.#take();
      return;
    }
    if (nowMs > this.#term.untilMs) {
      this.#term.abort.abort();
      return;
    }
    if (!this.#options.nc.isClosed())
      this.#options.nc.publish(subjects.leaseBeat(this.#options.lease), String(this.#term.number));
    if (nowMs - this.#lastRenewMs >= this.#times.renewMs) void this.#renew(this.#term.number);
  }

  async #take(): Promise<void> {
    const sentAtMs = this.#options.clock.monotonic();
    try {
      await this.#look();
      const view = { record: this.#record, lastSignMs: this.#lastSignMs, connected: true };
      if (this.#stopped || !mayTake(view, sentAtMs, this.#times)) return;
      const record = taken(this.#record, this.#options.holder);
      if (!(await this.#write(record))) return;
      // Told to end meanwhile: who took it without leading gives it back at once.
      if (this.#stopped) await this.#write({ ...record, resigned: true });
      else this.#begin(record.term, sentAtMs);
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#taking = undefined;
    }
  }

  /** The record as the bucket has it now. A change of it is a sign of life. */
  async #look(): Promise<void> {
    const entry = await this.#kv?.get(this.#options.lease);
    if (entry) this.#onRecord(entry);
  }

  #begin(number: number, sentAtMs: number): void {
    const abort = new AbortController();
    this.#lastRenewMs = sentAtMs;
    const done = this.#lead({ number, signal: abort.signal });
    this.#term = { number, abort, untilMs: trustedUntil(sentAtMs, this.#times), done };
  }

  async #lead(term: Term): Promise<void> {
    try {
      await this.#options.lead(term);
    } catch (error) {
      this.#options.onError(error);
    }
    this.#term = undefined;
    this.#lastSignMs = this.#options.clock.monotonic();
    if (deposes(this.#record, this.#options.holder, term.number)) return;
    const { holder } = this.#options;
    await this.#write({ holder, term: term.number, resigned: true }).catch(this.#options.onError);
  }

  async #renew(number: number): Promise<void> {
    const sentAtMs = this.#options.clock.monotonic();
    this.#lastRenewMs = sentAtMs;
    try {
      const { holder } = this.#options;
      const kept = await this.#write({ holder, term: number, resigned: false });
      if (this.#term?.number !== number) return;
      if (kept) this.#term.untilMs = trustedUntil(sentAtMs, this.#times);
      else await this.#look();
    } catch {
      // The broker may be electing a leader of its own; the trust runs out by itself if it takes too long.
    }
  }

  /** Compare-and-set against the revision last seen. False: somebody else has written. */
  async #write(record: LeaseRecord): Promise<boolean> {
    const { lease } = this.#options;
    const revision = this.#revision;
    try {
      const text = encodeLease(record);
      const written =
        revision === 0
          ? await this.#kv?.create(lease, text)
          : await this.#kv?.update(lease, text, revision, KV_TIMEOUT_MS);
      if (written === undefined) return false;
      this.#revision = Math.max(this.#revision, written);
      this.#record = record;
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError) return false;
      throw error;
    }
  }

  async #follow(watch: QueuedIterator<KvEntry>): Promise<void> {
    try {
      for await (const entry of watch) this.#onRecord(entry);
    } catch (error) {
      if (!this.#stopped) this.#options.onError(error);
    }
  }

  #onRecord(entry: KvEntry): void {
    if (entry.revision <= this.#revision) return;
    this.#revision = entry.revision;
    this.#record = decodeLease(entry.string());
    this.#lastSignMs = this.#options.clock.monotonic();
    const term = this.#term;
    if (term && deposes(this.#record, this.#options.holder, term.number)) term.abort.abort();
  }

  /** While the connection was away nobody could be heard: the silence begins anew. */
  async #followStatus(): Promise<void> {
    for await (const status of this.#options.nc.status()) {
      if (this.#stopped) return;
      if (status.type === 'reconnect') this.#lastSignMs = this.#options.clock.monotonic();
    }
  }
}
