import type { NatsConnection } from '@nats-io/transport-node';
import type { Clock, Timer } from '#libs/clock';
import { LIMITS } from '../limits.js';

/**
 * Notices that this process did nothing for a while: it was stopped, or its machine slept. What waited for
 * it meanwhile may be somebody else's by now. The broker answers a ping after everything that it had sent
 * before: until then the worker is drowsy.
 */
export class Naps {
  readonly #nc: NatsConnection;
  readonly #clock: Clock;
  #lookedAt: { readonly now: number; readonly monotonic: number };
  #pings = 0;
  #timer: Timer | undefined;

  constructor(nc: NatsConnection, clock: Clock) {
    this.#nc = nc;
    this.#clock = clock;
    this.#lookedAt = { now: clock.now(), monotonic: clock.monotonic() };
  }

  get isDrowsy(): boolean {
    this.#look();
    return this.#pings > 0;
  }

  start(): void {
    this.#look();
    this.#timer = this.#clock.setTimer(() => this.start(), LIMITS.napLookMs);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #look(): void {
    const before = this.#lookedAt;
    this.#lookedAt = { now: this.#clock.now(), monotonic: this.#clock.monotonic() };
    // A machine's sleep is not on the monotonic clock of every system.
    const sleptMs = Math.max(
      this.#lookedAt.now - before.now,
      this.#lookedAt.monotonic - before.monotonic,
    );
    if (sleptMs < LIMITS.napMs || this.#nc.isClosed()) return;
    this.#pings += 1;
    const over = () => {
      this.#pings -= 1;
    };
    // A connection that broke meanwhile has no old offers to give.
    this.#nc.flush().then(over, over);
  }
}
