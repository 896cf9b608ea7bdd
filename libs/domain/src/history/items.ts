import { type DecodedCommit, decodeCommit } from '#libs/contracts';
import type { Cursor } from '../dispatch/execution.js';
import { Peekable } from './peekable.js';
import type { RecordedCommit } from './recorded-commit.js';

/** Items of an input stream, taken up to a cursor. */
export class Items<T> {
  readonly #commits: Peekable<RecordedCommit>;
  readonly #itemsOf: (decoded: DecodedCommit) => readonly T[];
  #done = 0;

  constructor(
    sequence: AsyncIterable<RecordedCommit>,
    itemsOf: (decoded: DecodedCommit) => readonly T[],
  ) {
    this.#commits = new Peekable(sequence);
    this.#itemsOf = itemsOf;
  }

  /** Everything up to `seq`, and of the message after it the first `index` items. */
  async upTo({ seq, index }: Cursor): Promise<T[]> {
    const taken: T[] = [];
    for await (const { bytes } of this.#commits.takeWhile((stored) => stored.seq <= seq)) {
      taken.push(...this.#itemsOf(decodeCommit(bytes)).slice(this.#done));
      this.#done = 0;
    }
    const next = index > this.#done ? await this.#commits.peek() : undefined;
    if (next !== undefined) {
      taken.push(...this.#itemsOf(decodeCommit(next.bytes)).slice(this.#done, index));
      this.#done = index;
    }
    return taken;
  }

  close(): Promise<void> {
    return this.#commits.close();
  }
}
