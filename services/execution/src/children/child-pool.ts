import { availableParallelism } from 'node:os';
import type { Clock, Timer } from '#libs/clock';
import type { Logger } from '#libs/runtime';
import { LIMITS } from '../limits.js';
import { AttemptProcess, ChildNotStarted } from './attempt-process.js';
import type { Scratch } from './scratch.js';
import { SharedChild, type SharedSeat } from './shared-child.js';

/** More than cores would only take turns. */
const CHILDREN_OF_USE = Math.max(LIMITS.idleChildren, availableParallelism());

interface Waiting {
  readonly resolve: (seat: SharedSeat) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Children for the built-in tasks, started before they are needed: a process start costs 50 ms of
 * CPU, a job handed to a waiting child a hundredth of a millisecond. A child serves many jobs at a time; a
 * machine with more cores gets more of them when there is more to do. One that misbehaved, or whose job
 * could not be stopped, is ended and never used again.
 */
export class ChildPool {
  readonly #scratch: Scratch;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #children = new Set<SharedChild>();
  readonly #waiting: Waiting[] = [];
  readonly #idleTimers = new Map<SharedChild, Timer>();
  #starting = 0;
  #closed = false;

  constructor(deps: { scratch: Scratch; clock: Clock; log: Logger }) {
    this.#scratch = deps.scratch;
    this.#clock = deps.clock;
    this.#log = deps.log;
  }

  async warmUp(): Promise<void> {
    const children = Array.from({ length: LIMITS.idleChildren }, () => this.#start());
    for (const child of await Promise.all(children)) this.#children.add(child);
  }

  /** A seat on the child with the fewest jobs, or on the next that has one. */
  async take(): Promise<SharedSeat> {
    const child = this.#leastBusy();
    if (child === undefined)
      return new Promise((resolve, reject) => {
        this.#waiting.push({ resolve, reject });
        this.#startMore();
      });
    this.#idleTimers.get(child)?.cancel();
    this.#idleTimers.delete(child);
    const seat = child.takeSeat();
    if (child.jobs > LIMITS.jobsPerBusyChild && this.#children.size < CHILDREN_OF_USE)
      this.#startMore();
    return seat;
  }

  giveBack(seat: SharedSeat): void {
    const { child } = seat;
    seat.leave();
    if (this.#closed) return;
    if (child.isSpoilt) void this.#discard(child);
    else if (child.jobs === 0 && this.#children.size > LIMITS.idleChildren)
      this.#idleTimers.set(
        child,
        this.#clock.setTimer(() => this.#retire(child), LIMITS.idleChildMs),
      );
    this.#serveWaiting();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#idleTimers.values()) timer.cancel();
    await Promise.all([...this.#children].map((child) => this.#discard(child)));
  }

  #leastBusy(): SharedChild | undefined {
    let best: SharedChild | undefined;
    for (const child of this.#children)
      if (!child.isSpoilt && child.jobs < LIMITS.jobsPerChild)
        if (best === undefined || child.jobs < best.jobs) best = child;
    return best;
  }

  #retire(child: SharedChild): void {
    this.#idleTimers.delete(child);
    if (child.jobs === 0 && this.#children.size > LIMITS.idleChildren) void this.#discard(child);
  }

  /** Ends the child's tree and removes its folder. */
  async #discard(child: SharedChild): Promise<void> {
    child.isSpoilt = true;
    if (!this.#children.delete(child)) return;
    const { mark } = child.process;
    try {
      await child.process.endTree({ graceMs: 0 });
      await this.#scratch.close(mark.scratch);
    } catch (error) {
      this.#log.error({ err: error, scratch: mark.scratch }, 'a child could not be cleaned up');
    }
  }

  #serveWaiting(): void {
    while (this.#waiting.length > 0) {
      const child = this.#leastBusy();
      if (child === undefined) {
        this.#startMore();
        return;
      }
      this.#waiting.shift()?.resolve(child.takeSeat());
    }
  }

  #startMore(): void {
    if (this.#closed || this.#starting >= LIMITS.childrenStarting) return;
    this.#starting += 1;
    this.#start()
      .then(
        (child) => this.#children.add(child),
        (error: unknown) => this.#waiting.shift()?.reject(error),
      )
      .finally(() => {
        this.#starting -= 1;
        this.#serveWaiting();
      });
  }

  async #start(): Promise<SharedChild> {
    const process = new AttemptProcess({
      scratch: await this.#scratch.open(),
      heapMb: LIMITS.builtinHeapMb,
      clock: this.#clock,
    });
    await process.ready;
    const child = new SharedChild(process, {
      clock: this.#clock,
      log: this.#log,
      onSpoilt: (spoilt) => this.#discard(spoilt),
    });
    if (process.exit === undefined && !this.#closed) return child;
    this.#children.add(child);
    await this.#discard(child);
    throw new ChildNotStarted('the process ended while it was starting');
  }
}
