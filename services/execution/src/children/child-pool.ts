import type { Clock, Timer } from '#libs/clock';
import type { Logger } from '#libs/runtime';
import { LIMITS } from '../limits.js';
import { AttemptProcess, ChildNotStarted } from './attempt-process.js';
import type { Scratch } from './scratch.js';

interface Idle {
  readonly child: AttemptProcess;
  /** Ends it when it has waited too long; the last few have none and wait on. */
  timer?: Timer;
}

interface Waiting {
  readonly resolve: (child: AttemptProcess) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Children for the built-in tasks, started before they are needed: a process start costs 50 ms of
 * CPU, a job handed to a waiting child a tenth of a millisecond. A child serves one attempt at a
 * time. One whose attempt was stopped, or that misbehaved, is ended and never used again.
 *
 * Who finds no child waits for the next that is free or has started, and only a few start at a
 * time: a burst of short jobs is served by a handful of children, long jobs get one each.
 */
export class ChildPool {
  readonly #scratch: Scratch;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #idle: Idle[] = [];
  readonly #waiting: Waiting[] = [];
  #starting = 0;
  #closed = false;

  constructor(deps: { scratch: Scratch; clock: Clock; log: Logger }) {
    this.#scratch = deps.scratch;
    this.#clock = deps.clock;
    this.#log = deps.log;
  }

  async warmUp(): Promise<void> {
    const children = Array.from({ length: LIMITS.idleChildren }, () => this.#start());
    for (const child of await Promise.all(children)) this.giveBack(child);
  }

  /** A child that waits, or the next there is. */
  async take(): Promise<AttemptProcess> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      idle.timer?.cancel();
      if (idle.child.exit === undefined) return idle.child;
      void this.discard(idle.child);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#startForWaiting();
    });
  }

  giveBack(child: AttemptProcess): void {
    child.hold(undefined);
    if (this.#closed || child.exit !== undefined) {
      void this.discard(child);
      return;
    }
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next.resolve(child);
      return;
    }
    const idle: Idle = { child };
    this.#idle.push(idle);
    if (this.#idle.length > LIMITS.idleChildren)
      idle.timer = this.#clock.setTimer(() => this.#retire(idle), LIMITS.idleChildMs);
  }

  /** Ends the child's tree and removes its folder. */
  async discard(child: AttemptProcess): Promise<void> {
    try {
      await child.endTree({ graceMs: 0 });
      await this.#scratch.close(child.mark.scratch);
    } catch (error) {
      this.#log.error(
        { err: error, scratch: child.mark.scratch },
        'a child could not be cleaned up',
      );
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const idle = this.#idle.splice(0);
    for (const { timer } of idle) timer?.cancel();
    await Promise.all(idle.map(({ child }) => this.discard(child)));
  }

  #retire(idle: Idle): void {
    const at = this.#idle.indexOf(idle);
    if (at < 0) return;
    this.#idle.splice(at, 1);
    void this.discard(idle.child);
  }

  #startForWaiting(): void {
    while (this.#starting < Math.min(this.#waiting.length, LIMITS.childrenStarting)) {
      this.#starting += 1;
      this.#start()
        .then(
          (child) => this.giveBack(child),
          (error: unknown) => this.#waiting.shift()?.reject(error),
        )
        .finally(() => {
          this.#starting -= 1;
          this.#startForWaiting();
        });
    }
  }

  async #start(): Promise<AttemptProcess> {
    const child = new AttemptProcess({
      scratch: await this.#scratch.open(),
      heapMb: LIMITS.builtinHeapMb,
      clock: this.#clock,
    });
    await child.ready;
    if (child.exit === undefined) return child;
    await this.discard(child);
    throw new ChildNotStarted('the process ended while it was starting');
  }
}
