const NEWLINE = 0x0a;

/**
 * Cuts a byte stream into lines, holding at most `maxBytes` of an unfinished one. What is longer is
 * dropped up to its end and told to `onTooLong`, so that a child that never ends a line can't eat the
 * supervisor's memory.
 */
export class LineReader {
  readonly #maxBytes: number;
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: () => void;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #skipping = false;

  constructor(options: {
    readonly maxBytes: number;
    readonly onLine: (line: string) => void;
    readonly onTooLong: () => void;
  }) {
    this.#maxBytes = options.maxBytes;
    this.#onLine = options.onLine;
    this.#onTooLong = options.onTooLong;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, from);
      if (end < 0) break;
      this.#finish(chunk.subarray(from, end));
      from = end + 1;
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from));
  }

  /** The stream has ended: a last line without a line break counts too. */
  end(): void {
    if (this.#heldBytes > 0) this.#finish(Buffer.alloc(0));
  }

  #finish(rest: Buffer): void {
    if (this.#skipping) {
      this.#skipping = false;
      return;
    }
    if (this.#heldBytes + rest.length > this.#maxBytes) {
      this.#drop();
      this.#skipping = false;
      return;
    }
    const line = this.#held.length === 0 ? rest : Buffer.concat([...this.#held, rest]);
    this.#held = [];
    this.#heldBytes = 0;
    if (line.length > 0) this.#onLine(line.toString('utf8'));
  }

  #hold(part: Buffer): void {
    if (this.#skipping) return;
    if (this.#heldBytes + part.length > this.#maxBytes) {
      this.#drop();
      return;
    }
    this.#held.push(part);
    this.#heldBytes += part.length;
  }

  #drop(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#skipping = true;
    this.#onTooLong();
  }
}
