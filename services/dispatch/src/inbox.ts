import { type AttemptFact, dispatch as d, decodeCommit, type tick } from '#libs/contracts';
import type { Cursor } from '#libs/domain';
import type { StoredCommit } from '#libs/event-log';

/**
 * Inputs of one decision are bounded by the bytes that they may become: a commit has to fit into one
 * message of 1 MB.
 */
const BATCH_BYTES_MAX = 400_000;
const BATCH_ITEMS_MAX = 1_000;
/**
 * Slots of one decision while there are workers. A herd is let in by and by: to decide upon thousands takes
 * longer than what was released runs, and until the next release the workers would have nothing.
 */
const SLOTS_MAX = 200;
const SLOTS_PER_PLACE = 2;
/** Of an event, besides the texts that it carries. */
const EVENT_BYTES = 600;
/** Of a slot in a backfill. */
const SLOT_BYTES = 60;
/** Of the name of a dead letter, and of an input that the state knows and the command does not say. */
const ID_BYTES = 40;
const KNOWN_INPUT_BYTES = 66_000;
/** Commands that wait for a decision; beyond it callers are told to come back. */
export const PENDING_COMMANDS_MAX = 10_000;

export interface PendingCommand {
  readonly command: d.Command;
  readonly answer: (reply: d.CommandReply) => void;
  /** It will not be answered here. */
  readonly abandon: () => void;
}

interface Items<T> {
  readonly seq: number;
  readonly items: readonly T[];
}

/** What a stream has told and nobody has decided upon, with the place in it. */
class StreamInbox<T> {
  readonly #queue: Items<T>[] = [];
  #index = 0;
  #seq = 0;

  /** From where on the stream is told: `cursor.index` items of the next message are done. */
  restart(cursor: Cursor): void {
    this.#queue.length = 0;
    this.#seq = cursor.seq;
    this.#index = cursor.index;
  }

  push(seq: number, items: readonly T[]): void {
    if (seq > this.#seq) this.#queue.push({ seq, items });
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  get cursor(): Cursor {
    return { seq: this.#seq, index: this.#index };
  }

  take(mayTake: (item: T) => boolean): T[] {
    const taken: T[] = [];
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      for (; this.#index < head.items.length; this.#index++) {
        const item = head.items[this.#index] as T;
        if (!mayTake(item)) return taken;
        taken.push(item);
      }
      this.#seq = head.seq;
      this.#index = 0;
      this.#queue.shift();
    }
    return taken;
  }
}

export interface Batch {
  readonly facts: readonly AttemptFact[];
  readonly slots: readonly tick.Slot[];
  readonly commands: readonly PendingCommand[];
  readonly ticks: Cursor;
  readonly attempts: Cursor;
}

/** Everything that waits for the next decision of one shard. */
export class Inbox {
  readonly #facts = new StreamInbox<AttemptFact>();
  readonly #slots = new StreamInbox<tick.Slot>();
  #commands: PendingCommand[] = [];

  restart(ticks: Cursor, attempts: Cursor): void {
    this.#slots.restart(ticks);
    this.#facts.restart(attempts);
  }

  get isEmpty(): boolean {
    return this.#facts.isEmpty && this.#slots.isEmpty && this.#commands.length === 0;
  }

  sawTick(stored: StoredCommit): void {
    const slots: tick.Slot[] = [];
    for (const { event } of decodeCommit(stored.bytes).events)
      if (event.$typeName === 'tick.v1.SlotsDecided') slots.push(...event.slots);
    this.#slots.push(stored.seq, slots);
  }

  sawFacts(stored: StoredCommit): void {
    const { events } = decodeCommit(stored.bytes);
    this.#facts.push(
      stored.seq,
      events.map(({ event }) => event as AttemptFact),
    );
  }

  /** False when too many wait already. */
  sawCommand(command: PendingCommand): boolean {
    if (this.#commands.length >= PENDING_COMMANDS_MAX) return false;
    this.#commands.push(command);
    return true;
  }

  /**
   * Facts first: they free slots. `specBytes` is the size that a run of a task brings along, `places` how
   * many the workers can run at the same time.
   */
  takeBatch(specBytes: (account: string, taskId: string) => number, places = 0): Batch {
    let bytes = 0;
    let items = 0;
    const room = (weight: number) => {
      if (items >= BATCH_ITEMS_MAX || (items > 0 && bytes + weight > BATCH_BYTES_MAX)) return false;
      bytes += weight;
      items += 1;
      return true;
    };
    const facts = this.#facts.take((fact) => room(factBytes(fact)));
    const count = this.#commands.findIndex(
      ({ command }) => !room(commandBytes(command, specBytes)),
    );
    const commands = this.#commands.splice(0, count < 0 ? this.#commands.length : count);
    let left = places > 0 ? Math.max(SLOTS_MAX, places * SLOTS_PER_PLACE) : BATCH_ITEMS_MAX;
    const slots = this.#slots.take(
      (slot) => left-- > 0 && room(EVENT_BYTES + specBytes(slot.account, slot.taskId)),
    );
    return {
      facts,
      commands,
      slots,
      ticks: this.#slots.cursor,
      attempts: this.#facts.cursor,
    };
  }

  /** Nobody will decide upon them here. */
  abandonCommands(): void {
    for (const { abandon } of this.#commands.splice(0)) abandon();
  }
}

function factBytes(fact: AttemptFact): number {
  if (fact.$typeName === 'attempt.v1.AttemptStarted') return EVENT_BYTES;
  const error = fact.error;
  return (
    3 * EVENT_BYTES +
    fact.outputJson.length +
    200 * fact.artifacts.length +
    2 * ((error?.message.length ?? 0) + (error?.stack.length ?? 0))
  );
}

function commandBytes(
  { account, body }: d.Command,
  specBytes: (account: string, taskId: string) => number,
): number {
  switch (body.case) {
    case 'startChild':
      return 2 * EVENT_BYTES + KNOWN_INPUT_BYTES + 2 * body.value.parametersJson.length;
    case 'runTask':
    case 'retryExecution':
      // Once as the recorded command, once in the request that it becomes.
      return (
        EVENT_BYTES + specBytes(account, body.value.taskId) + 2 * body.value.parametersJson.length
      );
    case 'redrive':
      return EVENT_BYTES + KNOWN_INPUT_BYTES + 2 * body.value.parametersJson.length;
    case 'startBackfill':
      return 2 * EVENT_BYTES + 2 * SLOT_BYTES * body.value.slots.length;
    case 'startRedrive':
    case 'discardDeadLetters':
      return 2 * EVENT_BYTES + 2 * ID_BYTES * body.value.executionIds.length;
    default:
      return 2 * EVENT_BYTES;
  }
}
