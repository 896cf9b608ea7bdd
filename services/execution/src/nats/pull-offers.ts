import { AckPolicy, DeliverPolicy, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import {
  createInbox,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';
import type { Clock, Timer } from '#libs/clock';
import { subjects } from '#libs/contracts';
import type { Logger } from '#libs/runtime';

const STREAM = 'WORK';
const STREAM_NOT_FOUND = 10059;
const NANOS_PER_MS = 1_000_000;
/** One pull waits this long at the server for offers. */
const EXPIRES_MS = 5_000;
const HEARTBEAT_MS = 1_000;
/** Nothing heard for this long while a pull is open: the consumer's leader is gone, ask anew. */
const STALLED_MS = 3_000;
const WATCH_MS = 1_000;
/**
 * An offer whose taker died before its claim goes to the next; the claim decides, so a redelivery
 * too early does no harm.
 */
const ACK_WAIT_MS = 2_000;
/** Open pulls of all workers of a pool together. */
const MAX_WAITING = 4_096;
const MAX_ACK_PENDING = 10_000;

export interface PullDeps {
  readonly nc: NatsConnection;
  readonly clock: Clock;
  readonly log: Logger;
  /** Makes the streams that are not there. */
  readonly provision: () => Promise<void>;
}

export interface Pull {
  readonly pool: string;
  /** How many offers could be taken now, those already asked for included. */
  readonly free: () => number;
  readonly onOffer: (message: OfferMessage) => void;
  readonly onStall: () => void;
}

/** One offer as it was delivered. Answered once. */
export interface OfferMessage {
  readonly bytes: Uint8Array;
  /** It is dealt with: nobody needs it any more. */
  ack(): void;
  /** Nobody can ever use it. */
  term(why: string): void;
}

/**
 * Pulls offers of one pool from the consumer that all its workers share, and never asks for more
 * than there are free slots: an offer that waits here would be one that another worker can't take.
 *
 * The client's `consume` keeps a fixed number of messages asked for, and its `fetch` can't be given
 * more once it runs. So pulls are asked for by hand, and the number still open is counted: each
 * message takes one off, and an expired pull says how many it did not give.
 */
export class OfferPull {
  readonly #deps: PullDeps;
  readonly #pull: Pull;
  #subscription: Subscription | undefined;
  #inbox = '';
  /** Asked for and not yet given. */
  #open = 0;
  #heardAtMs = 0;
  #planned = false;
  #isBroken = false;
  #watch: Timer | undefined;
  #stopped = false;

  constructor(deps: PullDeps, pull: Pull) {
    this.#deps = deps;
    this.#pull = pull;
  }

  async start(): Promise<void> {
    await this.#declare();
    this.#begin();
    this.#watchOver();
  }

  /** Slots have become free. What becomes free in one turn of the loop is asked for together. */
  wake(): void {
    if (this.#planned || this.#stopped) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      this.#ask();
    });
  }

  /** Takes nothing more. What was delivered already is still handed over. */
  stop(): void {
    this.#stopped = true;
    this.#watch?.cancel();
    this.#subscription?.unsubscribe();
  }

  get #durable(): string {
    return `work-${this.#pull.pool}`;
  }

  /** A new inbox: what an old pull still gives comes to nobody, and is delivered again. */
  #begin(): void {
    this.#subscription?.unsubscribe();
    this.#inbox = createInbox();
    this.#open = 0;
    this.#heardAtMs = this.#deps.clock.monotonic();
    this.#subscription = this.#deps.nc.subscribe(this.#inbox, {
      callback: (error, message) => {
        if (error === null) this.#receive(message);
      },
    });
    this.#ask();
  }

  #ask(): void {
    if (this.#stopped || this.#deps.nc.isClosed()) return;
    const batch = this.#pull.free() - this.#open;
    if (batch <= 0) return;
    // From now on is waited for an answer; before, nobody had reason to say anything.
    if (this.#open === 0) this.#heardAtMs = this.#deps.clock.monotonic();
    this.#open += batch;
    this.#deps.nc.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${STREAM}.${this.#durable}`,
      JSON.stringify({
        batch,
        expires: EXPIRES_MS * NANOS_PER_MS,
        idle_heartbeat: HEARTBEAT_MS * NANOS_PER_MS,
      }),
      { reply: this.#inbox },
    );
  }

  #receive(message: Msg): void {
    this.#heardAtMs = this.#deps.clock.monotonic();
    const status = message.headers?.code ?? 0;
    if (status === 0) {
      this.#open = Math.max(0, this.#open - 1);
      this.#pull.onOffer({
        bytes: message.data,
        ack: () => message.respond('+ACK'),
        term: (why) => message.respond(`+TERM ${why}`),
      });
      return;
    }
    if (status === 100) return;
    // 408: the pull has expired. 404, 409, 503: it was ended early, by whatever cause.
    const ungiven = Number(message.headers?.get('Nats-Pending-Messages') ?? Number.NaN);
    this.#open = Number.isNaN(ungiven) ? 0 : Math.max(0, this.#open - ungiven);
    if (status === 408) this.wake();
    // What is wrong may stay wrong: the watch sees to it, in its own time.
    else this.#isBroken = true;
  }

  #watchOver(): void {
    if (this.#stopped) return;
    this.#watch = this.#deps.clock.setTimer(() => {
      const silentMs = this.#deps.clock.monotonic() - this.#heardAtMs;
      if (this.#isBroken || (this.#open > 0 && silentMs > STALLED_MS)) {
        void this.#mend(silentMs).finally(() => this.#watchOver());
        return;
      }
      this.#ask();
      this.#watchOver();
    }, WATCH_MS);
  }

  /** The queue of offers is kept in memory: a broker that was restarted alone has lost it whole. */
  async #mend(silentMs: number): Promise<void> {
    const { log } = this.#deps;
    const { pool } = this.#pull;
    try {
      await this.#declare();
      this.#isBroken = false;
      this.#pull.onStall();
      log.warn({ pool, silentMs: Math.round(silentMs) }, 'offers stalled; asking anew');
      if (!this.#stopped) this.#begin();
    } catch (err) {
      log.warn({ err, pool }, 'offers can not be asked for yet');
    }
  }

  async #declare(): Promise<void> {
    const manager = await jetstreamManager(this.#deps.nc, { checkAPI: false });
    const config = {
      durable_name: this.#durable,
      filter_subject: subjects.workOfPool(this.#pull.pool),
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: ACK_WAIT_MS * NANOS_PER_MS,
      max_ack_pending: MAX_ACK_PENDING,
      max_waiting: MAX_WAITING,
    };
    try {
      await manager.consumers.add(STREAM, config);
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NOT_FOUND) throw error;
      await this.#deps.provision();
      await manager.consumers.add(STREAM, config);
    }
  }
}
