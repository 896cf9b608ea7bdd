import type { Clock } from '#libs/clock';
import type { Logger } from '#libs/runtime';
import type { StopCause, ToChild } from '../child/protocol.js';
import type { Seat } from '../conduct-job.js';
import { LIMITS } from '../limits.js';
import type { AttemptProcess, ChildExit, ChildListener } from './attempt-process.js';

export interface SharedChildDeps {
  readonly clock: Clock;
  readonly log: Logger;
  /** Nothing may be given to it any more, and it has to go. */
  readonly onSpoilt: (child: SharedChild) => Promise<void>;
}

/** Whose word it was that nobody understood is not known. */
const LOST_WITH_OTHERS: ChildExit = { code: null, signal: null, shared: true };

/**
 * One child with many jobs of built-in tasks, which do little but wait. A stopped job ends by itself and
 * the others never notice. One that does not end in time takes the child with it: then the others are
 * handed back, which costs them nothing. Of a child that ends by itself nobody knows whose fault it was, unless
 * it had one job.
 */
export class SharedChild {
  readonly process: AttemptProcess;
  readonly #deps: SharedChildDeps;
  readonly #seats = new Map<number, SharedSeat>();
  #taken = 0;
  isSpoilt = false;

  constructor(process: AttemptProcess, deps: SharedChildDeps) {
    this.process = process;
    this.#deps = deps;
    process.hold({
      onMessage: (message) => this.#seats.get(message.id)?.listener?.onMessage(message),
      onPrinted: (line) => deps.log.warn({ line }, 'a child printed something'),
      onGarbled: () => {
        const heard = this.#heard();
        for (const { listener } of heard)
          if (heard.length > 1) listener?.onExit(LOST_WITH_OTHERS);
          else listener?.onGarbled();
        void this.spoil();
      },
      onExit: (exit) => {
        const heard = this.#heard();
        const shared = heard.length > 1;
        for (const { listener } of heard) listener?.onExit({ ...exit, shared });
        void this.spoil();
      },
    });
  }

  get jobs(): number {
    return this.#taken;
  }

  takeSeat(): SharedSeat {
    this.#taken += 1;
    return new SharedSeat(this, this.#deps.clock);
  }

  seated(id: number, seat: SharedSeat): void {
    this.#seats.set(id, seat);
  }

  left(id: number | undefined): void {
    this.#taken -= 1;
    if (id !== undefined) this.#seats.delete(id);
  }

  spoil(): Promise<void> {
    this.isSpoilt = true;
    return this.#deps.onSpoilt(this);
  }

  /** Whoever hears of it may leave at once. */
  #heard(): readonly SharedSeat[] {
    return [...this.#seats.values()];
  }
}

export class SharedSeat implements Seat {
  readonly child: SharedChild;
  readonly #clock: Clock;
  readonly #ended = Promise.withResolvers<void>();
  listener: ChildListener | undefined;
  #id: number | undefined;

  constructor(child: SharedChild, clock: Clock) {
    this.child = child;
    this.#clock = clock;
  }

  /** A job that comes too late has no part in it. */
  get exit(): ChildExit | undefined {
    const { exit } = this.child.process;
    return exit && { ...exit, shared: true };
  }

  hold(listener: ChildListener | undefined): void {
    this.listener = listener && {
      ...listener,
      onMessage: (message) => {
        listener.onMessage(message);
        if (message.type === 'end') this.#ended.resolve();
      },
    };
  }

  send(message: ToChild): void {
    if (message.type === 'start') {
      this.#id = message.id;
      this.child.seated(message.id, this);
    }
    this.child.process.send(message);
  }

  async endTree({ graceMs, cause }: { graceMs: number; cause?: StopCause }): Promise<void> {
    if (this.#id !== undefined && cause !== undefined)
      this.child.process.send({ type: 'stop', id: this.#id, cause });
    const enough = new AbortController();
    const hasEnded = await Promise.race([
      this.#ended.promise.then(() => true),
      this.#clock.sleep(Math.max(graceMs, LIMITS.sharedStopMs), enough.signal).then(
        () => false,
        () => false,
      ),
    ]);
    enough.abort();
    if (!hasEnded) await this.child.spoil();
  }

  leave(): void {
    this.listener = undefined;
    this.child.left(this.#id);
  }
}
