import { attempt as a, create } from '#libs/contracts';
import { addMicros, COST_LIMITS, microsOf } from '#libs/domain';

const { apiMicrosPerAttempt, notedPerAttempt, noteChars } = COST_LIMITS;

/** What a task says that outside APIs charged: all of it is summed, the first of it kept with its notes. */
export class ApiCosts {
  readonly #noted: a.ApiCost[] = [];
  #micros = 0;

  /** False when it is no amount, or beyond what one attempt may tell. */
  add(amount: unknown, note: string): boolean {
    const micros = microsOf(amount, apiMicrosPerAttempt - this.#micros);
    if (micros === undefined) return false;
    this.#micros = addMicros(this.#micros, micros);
    if (this.#noted.length < notedPerAttempt)
      this.#noted.push(create(a.ApiCostSchema, { micros, note: note.slice(0, noteChars) }));
    return true;
  }

  get micros(): number {
    return this.#micros;
  }

  get noted(): a.ApiCost[] {
    return [...this.#noted];
  }
}
