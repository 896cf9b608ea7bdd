/**
 * Where executions wait. Of one pool each account has a queue with a band for each priority; within a
 * band, those that are under the very same limits share a lane. What blocks the head of a lane blocks
 * all of it, so a decision looks at heads only, and at none that is parked.
 */
import { task as t } from '#libs/contracts';
import { MinHeap } from '../../tick/heap.js';
import type { Execution } from '../execution.js';
import { AGE_BUCKET_MS } from '../limits.js';
import { type Arrival, byArrival, byRequest } from './arrival.js';
import type { Blocker } from './blocker.js';
import type { Usage } from './usage.js';

/** A place in a lane: whoever leaves it lets it go. */
export interface Ticket extends Arrival {
  readonly execution: Execution;
  gone: boolean;
}

/** A lane, and the head that it had when it was put where it stands. */
export interface Place extends Arrival {
  readonly lane: Lane;
  readonly version: number;
}

/** Tickets without an owner that a lane may carry beside each that has one. */
const GONE_FACTOR = 2;
const GONE_MIN = 64;

export class Lane {
  readonly band: Band;
  readonly key: string;
  readonly #compare: (one: Arrival, other: Arrival) => number;
  #tickets: MinHeap<Ticket>;
  #size = 0;
  /** Moves with its head and with where it stands: a place of an older version no longer holds. */
  version = 0;
  parkedOn: Blocker | undefined;
  /** It came back for all that are parked behind it. */
  #standsFor: Blocker | undefined;

  constructor(band: Band, key: string, serial: boolean) {
    this.band = band;
    this.key = key;
    this.#compare = serial ? byRequest : byArrival;
    this.#tickets = new MinHeap<Ticket>(this.#compare);
  }

  get size(): number {
    return this.#size;
  }

  get head(): Ticket | undefined {
    for (let first = this.#tickets.peek(); first?.gone; first = this.#tickets.peek())
      this.#tickets.pop();
    return this.#tickets.peek();
  }

  add(ticket: Ticket): void {
    const before = this.head;
    this.#tickets.push(ticket);
    this.#size += 1;
    if (this.head !== before) this.#stand();
  }

  remove(ticket: Ticket): void {
    const wasFirst = this.head === ticket;
    ticket.gone = true;
    this.#size -= 1;
    if (this.#tickets.size > this.#size * GONE_FACTOR + GONE_MIN) this.#rebuild();
    if (!wasFirst) return;
    if (this.#size === 0) this.parkedOn = undefined;
    this.#stand();
    this.#letOthersCome(undefined);
  }

  park(blocker: Blocker): void {
    this.parkedOn = blocker;
    this.#stand();
    this.#letOthersCome(blocker);
  }

  unpark(by: Blocker | undefined): void {
    this.parkedOn = undefined;
    this.#standsFor = by;
    this.#stand();
  }

  /** Since when the one has waited that came first. */
  get oldestSinceMs(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const { queuedAtMs } of this.tickets()) oldest = Math.min(oldest, queuedAtMs);
    return oldest;
  }

  /** All who wait in it, in no order. */
  tickets(): Ticket[] {
    return this.#tickets.allWithin(() => true).filter(({ gone }) => !gone);
  }

  #letOthersCome(now: Blocker | undefined): void {
    const stoodFor = this.#standsFor;
    this.#standsFor = undefined;
    if (stoodFor !== now) stoodFor?.advance(this.band);
  }

  #stand(): void {
    this.version += 1;
    const { head } = this;
    if (head === undefined) return;
    const { queuedAtMs, ordinal } = head;
    const place = { lane: this, version: this.version, queuedAtMs, ordinal };
    if (this.parkedOn === undefined) this.band.ready.push(place);
    else this.parkedOn.park(place);
  }

  #rebuild(): void {
    const kept = this.tickets();
    this.#tickets = new MinHeap<Ticket>(this.#compare);
    for (const ticket of kept) this.#tickets.push(ticket);
  }
}

export class Band {
  readonly queue: AccountQueue;
  readonly priority: t.Priority;
  readonly ready = new MinHeap<Place>(byArrival);
  readonly ages: Ages;

  constructor(queue: AccountQueue, priority: t.Priority) {
    this.queue = queue;
    this.priority = priority;
    this.ages = new Ages(priority);
  }

  /** The lane that is next, of those that are not parked. */
  get first(): Place | undefined {
    for (let place = this.ready.peek(); place !== undefined; place = this.ready.peek()) {
      if (place.version === place.lane.version && place.lane.parkedOn === undefined) return place;
      this.ready.pop();
    }
    return undefined;
  }

  count(queuedAtMs: number, change: 1 | -1): void {
    this.ages.count(queuedAtMs, change);
    this.queue.pool.ages[this.priority - t.Priority.LOW]?.count(queuedAtMs, change);
  }
}

/** How many of a priority have waited since about when: enough to tell a place, without looking at each. */
export class Ages {
  readonly priority: t.Priority;
  depth = 0;
  readonly #counts = new Map<number, number>();

  constructor(priority: t.Priority) {
    this.priority = priority;
  }

  count(queuedAtMs: number, change: 1 | -1): void {
    this.depth += change;
    const age = Math.floor(queuedAtMs / AGE_BUCKET_MS);
    const count = (this.#counts.get(age) ?? 0) + change;
    if (count === 0) this.#counts.delete(age);
    else this.#counts.set(age, count);
  }

  /** Since about when, and how many. */
  *all(): Iterable<readonly [sinceMs: number, count: number]> {
    for (const [age, count] of this.#counts) yield [age * AGE_BUCKET_MS, count];
  }
}

const PRIORITIES = [
  t.Priority.LOW,
  t.Priority.NORMAL,
  t.Priority.HIGH,
  t.Priority.CRITICAL,
] as const;

/** What waits in one pool. */
export class PoolQueue {
  readonly name: string;
  readonly accounts = new Map<string, AccountQueue>();
  /** Of all accounts, by priority. */
  readonly ages: readonly Ages[] = PRIORITIES.map((priority) => new Ages(priority));

  constructor(name: string) {
    this.name = name;
  }

  get depth(): number {
    return this.ages.reduce((depth, ages) => depth + ages.depth, 0);
  }
}

/** What waits of one account in one pool. */
export class AccountQueue {
  readonly account: string;
  readonly pool: PoolQueue;
  /** Of the account in this pool. */
  readonly inPool: Usage;
  /** Of the account in all pools. */
  readonly inAll: Usage;
  readonly bands: readonly Band[];
  readonly lanes = new Map<string, Lane>();
  parkedOn: Blocker | undefined;

  constructor(of: { account: string; pool: PoolQueue; inPool: Usage; inAll: Usage }) {
    this.account = of.account;
    this.pool = of.pool;
    this.inPool = of.inPool;
    this.inAll = of.inAll;
    this.bands = PRIORITIES.map((priority) => new Band(this, priority));
  }

  bandOf(priority: t.Priority): Band {
    return (this.bands[priority - t.Priority.LOW] ?? this.bands[1]) as Band;
  }
}
