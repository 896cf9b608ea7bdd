/** A binary min-heap that can be looked into without being taken apart. */
export class MinHeap<T> {
  readonly #items: T[] = [];
  /** Negative when the first is to come out before the second. */
  readonly #compare: (one: T, other: T) => number;

  constructor(compare: (one: T, other: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#items.push(item);
    this.#up(this.#items.length - 1);
  }

  pop(): T | undefined {
    const top = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) {
      this.#items[0] = last;
      this.#down(0);
    }
    return top;
  }

  /**
   * Every item that is `within`, in no order; costs as many steps as there are. What is within must
   * come out before what is not.
   */
  allWithin(within: (item: T) => boolean): T[] {
    const found: T[] = [];
    const open = [0];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const item = this.#items[at];
      if (item === undefined || !within(item)) continue;
      found.push(item);
      open.push(2 * at + 1, 2 * at + 2);
    }
    return found;
  }

  #up(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(parent, at);
      at = parent;
    }
  }

  #down(from: number): void {
    for (let at = from; ; ) {
      const left = 2 * at + 1;
      let least = at;
      if (this.#isBefore(left, least)) least = left;
      if (this.#isBefore(left + 1, least)) least = left + 1;
      if (least === at) return;
      this.#swap(least, at);
      at = least;
    }
  }

  #isBefore(at: number, other: number): boolean {
    if (at >= this.#items.length) return false;
    return this.#compare(this.#items[at] as T, this.#items[other] as T) < 0;
  }

  #swap(a: number, b: number): void {
    const held = this.#items[a] as T;
    this.#items[a] = this.#items[b] as T;
    this.#items[b] = held;
  }
}
