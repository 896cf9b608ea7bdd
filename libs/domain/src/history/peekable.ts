/** An async sequence that can be looked ahead into: what a merge of several streams needs. */
export class Peekable<T> {
  readonly #iterator: AsyncIterator<T>;
  #ahead: Promise<IteratorResult<T>> | undefined;

  constructor(sequence: AsyncIterable<T>) {
    this.#iterator = sequence[Symbol.asyncIterator]();
  }

  async peek(): Promise<T | undefined> {
    this.#ahead ??= this.#iterator.next();
    const next = await this.#ahead;
    return next.done ? undefined : next.value;
  }

  async take(): Promise<T | undefined> {
    const next = await this.peek();
    this.#ahead = undefined;
    return next;
  }

  /** Everything from here as long as `belongs` holds. */
  async *takeWhile(belongs: (item: T) => boolean): AsyncIterable<T> {
    for (let next = await this.peek(); next !== undefined; next = await this.peek()) {
      if (!belongs(next)) return;
      await this.take();
      yield next;
    }
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}
