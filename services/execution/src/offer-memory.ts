import { LIMITS } from './limits.js';

/** Offers that this worker has dealt with, so that one delivered twice is not run twice by it. */
export class OfferMemory {
  readonly #ids = new Set<string>();

  /** False when the offer is known already. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > LIMITS.offersRemembered) {
      const [oldest] = this.#ids;
      if (oldest !== undefined) this.#ids.delete(oldest);
    }
    return true;
  }

  forget(id: string): void {
    this.#ids.delete(id);
  }
}
