/**
 * What lanes wait for when a limit stands in their way. A cache: a lane is parked where it was found
 * blocked, so that the next decision need not ask again, and comes back when what blocks it may have
 * gone. Coming back too often costs a look; staying away too long would change a decision, so every
 * change that may make room wakes.
 */
import { MinHeap } from '../../tick/heap.js';
import { byArrival } from './arrival.js';
import type { AccountQueue, Band, Place } from './lane.js';

export class Blocker {
  readonly account: string;
  /** It ends by itself then. */
  untilMs = Number.POSITIVE_INFINITY;
  readonly #parked: Set<Blocker>;
  readonly #lanes = new Map<Band, MinHeap<Place>>();
  readonly #queues = new Set<AccountQueue>();

  /** `parked`: where those stand that keep anybody waiting. */
  constructor(account: string, parked: Set<Blocker>) {
    this.account = account;
    this.#parked = parked;
  }

  park(place: Place): void {
    const { band } = place.lane;
    const lanes = this.#lanes.get(band) ?? new MinHeap<Place>(byArrival);
    this.#lanes.set(band, lanes);
    lanes.push(place);
    this.#parked.add(this);
  }

  /** A whole account in a pool. */
  parkQueue(queue: AccountQueue): void {
    queue.parkedOn = this;
    this.#queues.add(queue);
    this.#parked.add(this);
  }

  /** There may be room: the first lane of each band comes back, and stands for those behind it. */
  wake(): void {
    if (!this.#parked.has(this)) return;
    for (const band of [...this.#lanes.keys()]) this.advance(band);
    this.#wakeQueues();
    this.#forgetIfEmpty();
  }

  /** All come back: what blocks them may differ from lane to lane. */
  wakeAll(): void {
    if (!this.#parked.has(this)) return;
    for (const lanes of this.#lanes.values())
      for (let place = lanes.pop(); place !== undefined; place = lanes.pop())
        if (place.version === place.lane.version) place.lane.unpark(undefined);
    this.#lanes.clear();
    this.#wakeQueues();
    this.#forgetIfEmpty();
  }

  /** The lane that stood for the others was dealt with: the next one comes. */
  advance(band: Band): void {
    const lanes = this.#lanes.get(band);
    if (lanes === undefined) return;
    for (let place = lanes.pop(); place !== undefined; place = lanes.pop()) {
      if (place.version !== place.lane.version) continue;
      place.lane.unpark(this);
      break;
    }
    if (lanes.size === 0) this.#lanes.delete(band);
    this.#forgetIfEmpty();
  }

  #wakeQueues(): void {
    for (const queue of this.#queues) if (queue.parkedOn === this) queue.parkedOn = undefined;
    this.#queues.clear();
    this.untilMs = Number.POSITIVE_INFINITY;
  }

  #forgetIfEmpty(): void {
    if (this.#lanes.size === 0 && this.#queues.size === 0) this.#parked.delete(this);
  }
}
