/**
 * Which commands were carried out, and to what end, so that a repeated one changes nothing. It is a
 * fold of the journal: a restart and another owner remember the same.
 *
 * A command under a key that its caller chose is kept for a day, with a digest of what it asked for:
 * the same key for something else is a mistake, and is told. Any other is only ever repeated by the
 * gateway that sent it, within seconds.
 */
import type { dispatch as d } from '#libs/contracts';
import { digestOfText } from '../ids.js';
import {
  COMMAND_MEMORY_COUNT,
  COMMAND_MEMORY_MS,
  COMMAND_REPEAT_COUNT,
  COMMAND_REPEAT_MS,
} from './limits.js';

export interface CarriedOut {
  /** Of what it made or changed. */
  readonly id: string;
  /** Empty: it had no key. */
  readonly digest: string;
  readonly atMs: number;
}

/** Commands as a snapshot has them, each kind the oldest first. */
export interface CommandPart {
  readonly keyedIds: readonly string[];
  readonly keyed: readonly CarriedOut[];
  readonly otherIds: readonly string[];
  readonly others: readonly CarriedOut[];
}

export class CommandMemory {
  readonly #keyed = new Map<string, CarriedOut>();
  readonly #others = new Map<string, CarriedOut>();

  get(commandId: string): CarriedOut | undefined {
    return this.#keyed.get(commandId) ?? this.#others.get(commandId);
  }

  *ids(): Iterable<string> {
    yield* this.#keyed.keys();
    yield* this.#others.keys();
  }

  remember(commandId: string, done: CarriedOut): void {
    if (commandId === '') return;
    forget(this.#keyed, done.atMs - COMMAND_MEMORY_MS, COMMAND_MEMORY_COUNT);
    forget(this.#others, done.atMs - COMMAND_REPEAT_MS, COMMAND_REPEAT_COUNT);
    (done.digest === '' ? this.#others : this.#keyed).set(commandId, done);
  }

  part(): CommandPart {
    return {
      keyedIds: [...this.#keyed.keys()],
      keyed: [...this.#keyed.values()],
      otherIds: [...this.#others.keys()],
      others: [...this.#others.values()],
    };
  }

  restore({ keyedIds, keyed, otherIds, others }: CommandPart): void {
    for (const [place, done] of keyed.entries()) this.#keyed.set(keyedIds[place] ?? '', done);
    for (const [place, done] of others.entries()) this.#others.set(otherIds[place] ?? '', done);
  }
}

/** The oldest come first. */
function forget(memory: Map<string, CarriedOut>, beforeMs: number, count: number): void {
  for (const [id, { atMs }] of memory) {
    if (atMs > beforeMs && memory.size < count) return;
    memory.delete(id);
  }
}

/** What a keyed command asks for, in short; empty for one without a key. */
export function digestOf({ keyed, body }: d.Command): string {
  return keyed ? digestOfText(JSON.stringify([body.case, ...wordsOf(body)])) : '';
}

function wordsOf(body: d.Command['body']): readonly unknown[] {
  switch (body.case) {
    case 'runTask':
      return [body.value.taskId, body.value.parametersJson, body.value.priority];
    case 'retryExecution':
      return [body.value.executionId, body.value.parametersJson, ...originWords(body.value)];
    case 'cancelExecution':
      return [body.value.executionId, body.value.reason, body.value.force];
    case 'startBackfill': {
      const { taskId, scheduleId, concurrency, note, slots, chosenBy } = body.value;
      // A range stands for what is left to run of it, which may be less when it comes again.
      const chosen =
        chosenBy === ''
          ? slots.map(({ scheduleRevision, local, pass }) => [scheduleRevision, local, pass])
          : chosenBy;
      return [taskId, scheduleId, concurrency, note, chosen];
    }
    case 'changeBackfill':
      return [body.value.backfillId, body.value.change];
    case 'redrive':
      return [body.value.executionId, body.value.parametersJson, body.value.note];
    case 'startRedrive':
      return [chosen(body.value), body.value.perMinute, body.value.note];
    case 'cancelRedrive':
      return [body.value.redriveId];
    case 'discardDeadLetters':
      return [chosen(body.value), body.value.note];
    default:
      return [];
  }
}

/** A filter stands for what it finds: the next time it may find less. */
function chosen({ executionIds, chosenBy }: d.StartRedrive | d.DiscardDeadLetters): unknown {
  return chosenBy === '' ? executionIds : chosenBy;
}

function originWords({ origin }: d.RetryExecution): readonly unknown[] {
  return origin === undefined ? [] : [origin.stepPath, origin.stepIteration];
}
