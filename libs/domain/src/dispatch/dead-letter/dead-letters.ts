/**
 * Executions that failed for good and wait for somebody: run again, or discarded.
 *
 *   (failed) --dead-lettered--> kept --requested again--> (gone)
 *                                  \--discarded---------> (gone)
 *
 * The journal keeps of each what a new run of it needs, its input, and so only so many of them: by
 * number and by size, for each account. Everything else about it is in the read model.
 */
import type { DispatchEvent, dispatch as d } from '#libs/contracts';
import { DEAD_LETTER_BYTES_MAX, DEAD_LETTERS_MAX } from '../limits.js';

export interface DeadLetter {
  /** Of the execution that died. */
  readonly id: string;
  readonly account: string;
  readonly taskId: string;
  readonly parametersJson: string;
}

interface Kept {
  /** The oldest first. */
  readonly letters: Map<string, DeadLetter>;
  bytes: number;
}

export class DeadLetters {
  readonly #ofAccount = new Map<string, Kept>();

  get(account: string, id: string): DeadLetter | undefined {
    return this.#ofAccount.get(account)?.letters.get(id);
  }

  *all(): Iterable<DeadLetter> {
    for (const { letters } of this.#ofAccount.values()) yield* letters.values();
  }

  /** Ids of the oldest ones that an account may no longer keep. */
  beyondRoom(account: string): string[] {
    const kept = this.#ofAccount.get(account);
    if (kept === undefined) return [];
    const beyond: string[] = [];
    let { bytes } = kept;
    for (const { id, parametersJson } of kept.letters.values()) {
      const count = kept.letters.size - beyond.length;
      if (count <= DEAD_LETTERS_MAX && bytes <= DEAD_LETTER_BYTES_MAX) break;
      beyond.push(id);
      bytes -= parametersJson.length;
    }
    return beyond;
  }

  /** `spec`: of the execution that the event is about, while the state has it. */
  evolve(event: DispatchEvent, spec: d.ExecutionSpec | undefined): void {
    switch (event.$typeName) {
      case 'dispatch.v1.ExecutionDeadLettered': {
        const { executionId: id, account, taskId } = event;
        if (this.get(account, id) !== undefined) return;
        this.#keep({ id, account, taskId, parametersJson: spec?.parametersJson ?? '' });
        return;
      }
      case 'dispatch.v1.ExecutionRequested':
        if (event.redriveOf !== '') this.#drop(event.account, event.redriveOf);
        return;
      case 'dispatch.v1.DeadLettersDiscarded':
        for (const id of event.executionIds) this.#drop(event.account, id);
        return;
      default:
    }
  }

  /** `letters`: of each account the oldest first. */
  restore(letters: Iterable<DeadLetter>): void {
    for (const letter of letters) this.#keep(letter);
  }

  #keep(letter: DeadLetter): void {
    const kept = this.#ofAccount.get(letter.account) ?? { letters: new Map(), bytes: 0 };
    kept.letters.set(letter.id, letter);
    kept.bytes += letter.parametersJson.length;
    this.#ofAccount.set(letter.account, kept);
  }

  #drop(account: string, id: string): void {
    const kept = this.#ofAccount.get(account);
    const letter = kept?.letters.get(id);
    if (kept === undefined || letter === undefined) return;
    kept.letters.delete(id);
    kept.bytes -= letter.parametersJson.length;
    if (kept.letters.size === 0) this.#ofAccount.delete(account);
  }
}
