/** How often a reader that waits is looked at. */
const LOOK_MS = 2_000;
/** Looks in a row at a reader that waits for nothing it has got. */
const QUIET_LOOKS = 2;

export interface StallWatchOptions {
  /** How many messages the consumer has not given out yet. */
  readonly pending: () => Promise<number>;
  /** Ends the reading; it begins again with another consumer. */
  readonly giveUp: () => void;
  readonly lookMs?: number;
}

/**
 * Notices a consumer that gives nothing although the stream holds more for it. In a cluster of which a
 * broker had just come back, one was seen that stood so for minutes, while its heartbeats went on.
 */
export class StallWatch {
  readonly #options: StallWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #isReaderBusy = false;
  #quietLooks = 0;

  constructor(options: StallWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), options.lookMs ?? LOOK_MS);
  }

  /** The reader got something, and is at it. */
  got(): void {
    this.#isReaderBusy = true;
    this.#quietLooks = 0;
  }

  /** It wants the next one. */
  waits(): void {
    this.#isReaderBusy = false;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#isReaderBusy) return;
    this.#quietLooks += 1;
    if (this.#quietLooks < QUIET_LOOKS) return;
    this.#options.pending().then(
      (pending) => {
        if (pending > 0 && this.#quietLooks >= QUIET_LOOKS) this.#options.giveUp();
      },
      // A consumer that is gone, or a broker that is: the reading itself will say so.
      () => undefined,
    );
  }
}
