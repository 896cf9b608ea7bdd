/** A number that rises, and those who wait for it to reach theirs. */
export class Milestone {
  #at = 0;
  #waiting: { readonly goal: number; readonly resolve: () => void }[] = [];

  get at(): number {
    return this.#at;
  }

  reach(at: number): void {
    this.#at = at;
    if (this.#waiting.length === 0) return;
    const arrived = this.#waiting.filter(({ goal }) => goal <= at);
    this.#waiting = this.#waiting.filter(({ goal }) => goal > at);
    for (const { resolve } of arrived) resolve();
  }

  /** Resolves once the number is `goal` or more. */
  reached(goal: number): Promise<void> {
    if (this.#at >= goal) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ goal, resolve }));
  }
}
