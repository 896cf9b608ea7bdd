import type { Clock } from '#libs/clock';
import type { StoredCommit } from '#libs/event-log';

export interface IntakeLimits {
  readonly batchCommits: number;
  readonly batchBytes: number;
}

/**
 * Stands between a followed stream and a slower taker: what arrives while a batch is being written
 * becomes the next one. Holds at most two batches, and stops reading when it is full.
 */
export class Intake {
  /** Settles when the source has ended or failed. */
  readonly ended: Promise<void>;
  #items: StoredCommit[] = [];
  #bytes = 0;
  #failure: { readonly error: unknown } | undefined;
  #over = false;
  #closed = false;
  #wake: () => void = () => {};
  #lastSeq = 0;
  #idleSince: number;
  readonly #limits: IntakeLimits;
  readonly #clock: Clock;

  constructor(source: AsyncIterable<StoredCommit>, limits: IntakeLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#idleSince = clock.monotonic();
    this.ended = this.#pump(source);
  }

  /** Sequence of the last commit that came in; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** For how long nothing has come in although somebody was there to take it. */
  get idleMs(): number {
    return this.#items.length > 0 ? 0 : this.#clock.monotonic() - this.#idleSince;
  }

  /** The next batch, at least one commit, in order; undefined at the source's end, or once closed. */
  async take(): Promise<StoredCommit[] | undefined> {
    while (this.#items.length === 0 && !this.#closed) {
      if (this.#failure) throw this.#failure.error;
      if (this.#over) return undefined;
      await this.#change();
    }
    if (this.#closed) return undefined;
    const batch = this.#items.splice(0, this.#fitting());
    for (const one of batch) this.#bytes -= one.bytes.length;
    if (this.#items.length === 0) this.#idleSince = this.#clock.monotonic();
    this.#wake();
    return batch;
  }

  /** No more is wanted: lets go who waits, on either side. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  #fitting(): number {
    const { batchCommits, batchBytes } = this.#limits;
    let bytes = 0;
    let count = 0;
    for (const { bytes: one } of this.#items) {
      bytes += one.length;
      if (count > 0 && (count >= batchCommits || bytes > batchBytes)) break;
      count++;
    }
    return count;
  }

  async #pump(source: AsyncIterable<StoredCommit>): Promise<void> {
    try {
      for await (const commit of source) {
        this.#items.push(commit);
        this.#bytes += commit.bytes.length;
        this.#lastSeq = commit.seq;
        this.#wake();
        while (this.#isFull() && !this.#closed) await this.#change();
        if (this.#closed) return;
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#over = true;
      this.#wake();
    }
  }

  #isFull(): boolean {
    const { batchCommits, batchBytes } = this.#limits;
    return this.#items.length >= 2 * batchCommits || this.#bytes >= 2 * batchBytes;
  }

  /** Pump and taker are never both waiting: one waits for items, the other for room. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
