import { LIMITS } from './limits.js';

/** The named values of an attempt's output, as far as there is room for them. */
export class OutputValues {
  readonly #values = new Map<string, string>();
  #bytes = 0;

  /** False when the value has no room any more. A later value of the same name takes the place. */
  add(name: string, value: unknown): boolean {
    const json = JSON.stringify(value ?? null);
    const bytes = Buffer.byteLength(name) + Buffer.byteLength(json);
    const before = this.#values.get(name);
    const freed = before === undefined ? 0 : Buffer.byteLength(name) + Buffer.byteLength(before);
    if (this.#bytes - freed + bytes > LIMITS.outputBytes) return false;
    this.#bytes += bytes - freed;
    this.#values.set(name, json);
    return true;
  }

  /** Empty when there is no value. */
  get json(): string {
    if (this.#values.size === 0) return '';
    const fields = [...this.#values].map(([name, json]) => `${JSON.stringify(name)}:${json}`);
    return `{${fields.join(',')}}`;
  }
}
