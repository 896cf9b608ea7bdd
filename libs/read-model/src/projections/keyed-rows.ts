/**
 * The rows that a batch touches, by key: those loaded and those made new, and which of them changed.
 */
export class KeyedRows<R> {
  readonly #rows = new Map<string, R>();
  readonly #changed = new Set<string>();
  readonly #made = new Set<string>();

  /** Takes in rows that are stored already. */
  loaded(key: string, row: R): void {
    this.#rows.set(key, row);
  }

  get(key: string): R | undefined {
    return this.#rows.get(key);
  }

  /** A row that is not stored yet. */
  make(key: string, row: R): void {
    this.#rows.set(key, row);
    this.#made.add(key);
  }

  /** A row with other values; one that was made in this batch stays a new one. */
  change(key: string, row: R): void {
    this.#rows.set(key, row);
    if (!this.#made.has(key)) this.#changed.add(key);
  }

  get made(): R[] {
    return this.#of(this.#made);
  }

  get changed(): R[] {
    return this.#of(this.#changed);
  }

  #of(keys: ReadonlySet<string>): R[] {
    return [...keys].map((key) => this.#rows.get(key) as R);
  }
}

/** Parts of a key as one string. No part holds U+0000: the storable edge has taken it out. */
export function keyOf(...parts: readonly (string | number)[]): string {
  return parts.join('\0');
}
