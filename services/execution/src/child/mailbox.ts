/** What was put in, in its order, until the signal aborts. For one reader. */
export class Mailbox<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #wake: () => void = () => {};
  #closed = false;

  constructor(signal: AbortSignal) {
    const close = () => {
      this.#closed = true;
      this.#wake();
    };
    if (signal.aborted) close();
    else signal.addEventListener('abort', close, { once: true });
  }

  put(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    while (!this.#closed) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
