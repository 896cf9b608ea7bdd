/**
 * Decides the journals of a shard again: each commit from what it says that it consumed, over the state
 * that the commits before it lead to. It streams: of a log of any length it holds the state, and of each
 * input what no decision has consumed yet.
 */
import {
  type AttemptFact,
  type DecodedCommit,
  decodeCommit,
  fromBinary,
  parseDefinitionSubject,
  type StreamName,
  shardsConcerned,
  subjects,
  tick,
} from '#libs/contracts';
import { dispatchInputsOf, encodeDispatchCommit, takePositions } from '../dispatch/commit.js';
import { Definitions } from '../dispatch/definitions.js';
import { decideDispatch } from '../dispatch/dispatch.js';
import type { Cursor } from '../dispatch/execution.js';
import { RecordedKeys } from '../dispatch/queue/limit-keys.js';
import { DispatchState } from '../dispatch/state.js';
import { EMPTY_JOURNAL, type JournalHead } from '../journal.js';
import { encodeTickCommit } from '../tick/commit.js';
import { TickPlan } from '../tick/plan.js';
import { decideTick } from '../tick/tick.js';
import { Items } from './items.js';
import { Peekable } from './peekable.js';
import type { RecordedCommit } from './recorded-commit.js';
import { headOf } from './world.js';

/** A log, or any copy of it: each stream from its beginning, in its order. */
export interface Recording<C extends RecordedCommit> {
  read(range: { readonly stream: StreamName; readonly subject?: string }): AsyncIterable<C>;
}

export interface OneShard {
  readonly shard: number;
  readonly shards: number;
}

/** A commit of a journal, and the bytes that deciding again gives; none when nothing was due. */
export interface Derived<C extends RecordedCommit> {
  readonly recorded: C;
  readonly bytes: Uint8Array | undefined;
}

const NOWHERE: Cursor = { seq: 0, index: 0 };

/** Every commit of a shard's tick journal. */
export async function* deriveTicks<C extends RecordedCommit>(
  recording: Recording<C>,
  of: OneShard,
): AsyncGenerator<Derived<C>, void> {
  const definitions = new Peekable(recording.read({ stream: 'DEFINITIONS' }));
  const plan = new TickPlan();
  let head: JournalHead = EMPTY_JOURNAL;
  try {
    const journal = { stream: 'TICKS', subject: subjects.tick(of.shard) } as const;
    for await (const recorded of recording.read(journal)) {
      const decoded = decodeCommit(recorded.bytes);
      const inputs = fromBinary(tick.TickInputsSchema, decoded.commit.inputs);
      const { horizonMs, definitionsSeq, tzdata } = inputs;
      await define(definitions, definitionsSeq, of, ({ account, id, commit, events }) => {
        for (const { event } of events) plan.apply(account, id, event, commit.occurredAtMs);
      });
      const decision = decideTick(plan, horizonMs);
      const { term } = decoded.commit;
      const context = { shard: of.shard, term, head, from: plan.watermark };
      const known = { horizonMs, definitionsSeq, tzdata };
      const bytes = decision && encodeTickCommit(decision, { ...context, ...known }).bytes;
      yield { recorded, bytes };
      for (const { event } of decoded.events)
        if (event.$typeName === 'tick.v1.SlotsDecided' && event.to) plan.advance(event.to);
      head = headOf(recorded, decoded);
    }
  } finally {
    await definitions.close();
  }
}

/** Every commit of a shard's dispatch journal. */
export async function* deriveDispatch<C extends RecordedCommit>(
  recording: Recording<C>,
  of: OneShard,
): AsyncGenerator<Derived<C>, void> {
  const { shard } = of;
  const state = new DispatchState(new Definitions());
  const definitions = new Peekable(recording.read({ stream: 'DEFINITIONS' }));
  const slots = new Items(
    recording.read({ stream: 'TICKS', subject: subjects.tick(shard) }),
    ({ events }) => events.flatMap(({ event }) => slotsIn(event)),
  );
  const facts = new Items(
    recording.read({ stream: 'ATTEMPTS', subject: subjects.attempt(shard) }),
    ({ events }) => events.map(({ event }) => event as AttemptFact),
  );
  let head: JournalHead = EMPTY_JOURNAL;
  try {
    const journal = { stream: 'DISPATCH', subject: subjects.dispatch(shard) } as const;
    for await (const recorded of recording.read(journal)) {
      const decoded = decodeCommit(recorded.bytes);
      const inputs = dispatchInputsOf(decoded);
      await define(
        definitions,
        inputs.definitionsSeq,
        of,
        ({ account, id, seq, commit, events }) => {
          for (const { event } of events)
            state.definitions.define(account, id, event, seq, commit.occurredAtMs);
        },
      );
      const consumed = {
        slots: await slots.upTo(inputs.ticks ?? NOWHERE),
        facts: await facts.upTo(inputs.attempts ?? NOWHERE),
      };
      takePositions(state, inputs);
      const { events } = decideDispatch(state, {
        ...consumed,
        nowMs: inputs.decidedAtMs,
        silences: inputs.silences,
        unclaimed: inputs.unclaimed,
        commands: inputs.commands,
        limitKeys: new RecordedKeys(inputs.limitKeys),
      });
      const { term } = decoded.commit;
      yield { recorded, bytes: encodeDispatchCommit(events, { shard, term, head, inputs }).bytes };
      head = headOf(recorded, decoded);
    }
  } finally {
    await Promise.all([definitions.close(), slots.close(), facts.close()]);
  }
}

interface Defined extends DecodedCommit {
  readonly account: string;
  readonly id: string;
  readonly seq: number;
}

/** Takes in the definitions of a shard, those of the whole system among them, up to a position. */
async function define(
  definitions: Peekable<RecordedCommit>,
  upToSeq: number,
  { shard, shards }: OneShard,
  take: (defined: Defined) => void,
): Promise<void> {
  for await (const { subject, seq, bytes } of definitions.takeWhile((one) => one.seq <= upToSeq)) {
    const at = parseDefinitionSubject(subject);
    if (at === undefined || !shardsConcerned(at.account, shards).includes(shard)) continue;
    take({ account: at.account, id: at.id, seq, ...decodeCommit(bytes) });
  }
}

function slotsIn(event: DecodedCommit['events'][number]['event']): readonly tick.Slot[] {
  return event.$typeName === 'tick.v1.SlotsDecided' ? event.slots : [];
}
