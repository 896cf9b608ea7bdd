const NEWLINE = 0x0a;

/**
 * Cuts a stream into lines up to a budget; what comes after is only counted. A program that prints a
 * gigabyte costs a walk over its bytes, here in its own sandbox, and reaches nobody else.
 */
export class LineBudget {
  readonly #onLine: (line: string) => void;
  readonly #lineBytes: number;
  #linesLeft: number;
  #bytesLeft: number;
  #held = '';
  #dropped = 0;
  readonly #decoder = new TextDecoder();

  constructor(options: {
    readonly lines: number;
    readonly bytes: number;
    /** Longer ones are cut there. */
    readonly lineBytes: number;
    readonly onLine: (line: string) => void;
  }) {
    this.#linesLeft = options.lines;
    this.#bytesLeft = options.bytes;
    this.#lineBytes = options.lineBytes;
    this.#onLine = options.onLine;
  }

  /** Lines that were counted and not kept. */
  get dropped(): number {
    return this.#dropped;
  }

  push(chunk: Buffer): void {
    if (this.#linesLeft <= 0 || this.#bytesLeft <= 0) {
      this.#dropped += newlines(chunk);
      return;
    }
    const parts = (this.#held + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#held = parts.pop() ?? '';
    for (const line of parts) this.#take(line);
    if (this.#held.length > this.#lineBytes) {
      this.#take(this.#held);
      this.#held = '';
    }
  }

  /** The last line may lack its line break. */
  end(): void {
    if (this.#held !== '') this.#take(this.#held);
    this.#held = '';
  }

  #take(line: string): void {
    if (this.#linesLeft <= 0 || this.#bytesLeft <= 0) {
      this.#dropped += 1;
      return;
    }
    this.#linesLeft -= 1;
    this.#bytesLeft -= line.length + 1;
    if (line !== '') this.#onLine(line.slice(0, this.#lineBytes));
  }
}

function newlines(chunk: Buffer): number {
  let count = 0;
  for (let at = 0; at < chunk.length; at++) if (chunk[at] === NEWLINE) count += 1;
  return count;
}
