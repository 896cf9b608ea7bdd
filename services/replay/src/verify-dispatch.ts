import {
  type AttemptFact,
  type DecodedCommit,
  type dispatch as d,
  decodeCommit,
  parseDefinitionSubject,
  shardsConcerned,
  subjects,
  tick,
} from '#libs/contracts';
import {
  type Cursor,
  Definitions,
  DispatchState,
  decideDispatch,
  dispatchInputsOf,
  EMPTY_JOURNAL,
  encodeDispatchCommit,
  headAfter,
  type JournalHead,
  RecordedKeys,
  takePositions,
} from '#libs/domain';
import type { EventLog, StoredCommit } from '#libs/event-log';
import { difference, findingAt, type Verdict } from './finding.js';
import { Peekable } from './peekable.js';

/** Items of an input stream, taken up to a cursor. */
class Items<T> {
  readonly #commits: Peekable<StoredCommit>;
  readonly #itemsOf: (decoded: DecodedCommit) => readonly T[];
  #done = 0;

  constructor(
    sequence: AsyncIterable<StoredCommit>,
    itemsOf: (decoded: DecodedCommit) => readonly T[],
  ) {
    this.#commits = new Peekable(sequence);
    this.#itemsOf = itemsOf;
  }

  async upTo({ seq, index }: Cursor): Promise<T[]> {
    const taken: T[] = [];
    for await (const { bytes } of this.#commits.takeWhile((stored) => stored.seq <= seq)) {
      taken.push(...this.#itemsOf(decodeCommit(bytes)).slice(this.#done));
      this.#done = 0;
    }
    const next = index > this.#done ? await this.#commits.peek() : undefined;
    if (next !== undefined) {
      taken.push(...this.#itemsOf(decodeCommit(next.bytes)).slice(this.#done, index));
      this.#done = index;
    }
    return taken;
  }

  close(): Promise<void> {
    return this.#commits.close();
  }
}

const NOWHERE: Cursor = { seq: 0, index: 0 };

/** Derives every commit of a shard's dispatch journal from the inputs that it names, byte for byte. */
export async function verifyDispatch(
  log: EventLog,
  shard: number,
  shards: number,
): Promise<Verdict> {
  const checked = `dispatch of shard ${shard}`;
  const state = new DispatchState(new Definitions());
  const definitions = new Peekable(log.read({ stream: 'DEFINITIONS', fromSeq: 1 }));
  const slots = new Items(
    log.read({ stream: 'TICKS', subject: subjects.tick(shard), fromSeq: 1 }),
    ({ events }) => events.flatMap(({ event }) => slotsIn(event)),
  );
  const facts = new Items(
    log.read({ stream: 'ATTEMPTS', subject: subjects.attempt(shard), fromSeq: 1 }),
    ({ events }) => events.map(({ event }) => event as AttemptFact),
  );
  let head: JournalHead = EMPTY_JOURNAL;
  let commits = 0;
  try {
    const range = { stream: 'DISPATCH', subject: subjects.dispatch(shard), fromSeq: 1 } as const;
    for await (const stored of log.read(range)) {
      const decoded = decodeCommit(stored.bytes);
      const inputs = dispatchInputsOf(decoded);
      for await (const one of definitions.takeWhile(({ seq }) => seq <= inputs.definitionsSeq))
        define(state, one, shard, shards);
      const derived = derive(state, shard, decoded, head, inputs, {
        slots: await slots.upTo(inputs.ticks ?? NOWHERE),
        facts: await facts.upTo(inputs.attempts ?? NOWHERE),
      });
      if (Buffer.compare(derived, stored.bytes) !== 0)
        return { checked, commits, finding: findingAt(stored, difference(stored.bytes, derived)) };
      head = headAfter(stored.seq, decoded.commit.ordinal, stored.bytes);
      commits += 1;
    }
  } finally {
    await Promise.all([definitions.close(), slots.close(), facts.close()]);
  }
  return { checked, commits, finding: undefined };
}

function derive(
  state: DispatchState,
  shard: number,
  { commit }: DecodedCommit,
  head: JournalHead,
  inputs: d.DispatchInputs,
  streams: { slots: readonly tick.Slot[]; facts: readonly AttemptFact[] },
): Uint8Array {
  takePositions(state, inputs);
  const { events } = decideDispatch(state, {
    ...streams,
    nowMs: inputs.decidedAtMs,
    silences: inputs.silences,
    unclaimed: inputs.unclaimed,
    commands: inputs.commands,
    limitKeys: new RecordedKeys(inputs.limitKeys),
  });
  return encodeDispatchCommit(events, { shard, term: commit.term, head, inputs }).bytes;
}

function define(state: DispatchState, stored: StoredCommit, shard: number, shards: number): void {
  const at = parseDefinitionSubject(stored.subject);
  if (at === undefined || !shardsConcerned(at.account, shards).includes(shard)) return;
  const { commit, events } = decodeCommit(stored.bytes);
  for (const { event } of events)
    state.definitions.define(at.account, at.id, event, stored.seq, commit.occurredAtMs);
}

function slotsIn(event: DecodedCommit['events'][number]['event']): readonly tick.Slot[] {
  return event.$typeName === tick.SlotsDecidedSchema.typeName ? event.slots : [];
}
