/**
 * Decides a history again: each commit of a journal from what it says that it consumed, over the
 * state that the commits before it lead to.
 */
import {
  type AttemptFact,
  type DecodedCommit,
  decodeCommit,
  fromBinary,
  shardOfSubject,
  tick,
} from '#libs/contracts';
import { dispatchInputsOf, encodeDispatchCommit, takePositions } from '../dispatch/commit.js';
import { decideDispatch } from '../dispatch/dispatch.js';
import type { Cursor } from '../dispatch/execution.js';
import { RecordedKeys } from '../dispatch/limit-keys.js';
import { encodeTickCommit } from '../tick/commit.js';
import { decideTick } from '../tick/tick.js';
import type { RecordedCommit } from './recorded-commit.js';
import { headOf, World } from './world.js';

/** A commit of a journal, and the bytes that deciding again gives; none when nothing was due. */
export interface Derived {
  readonly recorded: RecordedCommit;
  readonly bytes: Uint8Array | undefined;
}

export interface DerivedHistory {
  readonly commits: readonly Derived[];
  readonly world: World;
}

/** The history has everything from the beginning on, each commit after those that it consumed. */
export function deriveHistory(commits: Iterable<RecordedCommit>, shards: number): DerivedHistory {
  const world = new World(shards);
  const slots = new Items<tick.Slot>();
  const facts = new Items<AttemptFact>();
  const derived: Derived[] = [];
  for (const recorded of commits) {
    const decoded = decodeCommit(recorded.bytes);
    if (recorded.stream === 'DEFINITIONS') world.define(recorded, decoded);
    if (recorded.stream === 'TICKS') {
      derived.push({ recorded, bytes: tickAgain(world, recorded, decoded) });
      slots.add(
        recorded,
        decoded.events.flatMap(({ event }) => slotsIn(event)),
      );
    }
    if (recorded.stream === 'ATTEMPTS')
      facts.add(
        recorded,
        decoded.events.map(({ event }) => event as AttemptFact),
      );
    if (recorded.stream === 'DISPATCH')
      derived.push({ recorded, bytes: dispatchAgain(world, recorded, decoded, { slots, facts }) });
  }
  return { commits: derived, world };
}

function tickAgain(world: World, recorded: RecordedCommit, decoded: DecodedCommit) {
  const shard = world.shardOf(recorded);
  const { plan, tickHead: head } = shard;
  const { horizonMs, definitionsSeq, tzdata } = fromBinary(
    tick.TickInputsSchema,
    decoded.commit.inputs,
  );
  const decision = decideTick(plan, horizonMs);
  const from = plan.watermark;
  for (const { event } of decoded.events)
    if (event.$typeName === 'tick.v1.SlotsDecided' && event.to) plan.advance(event.to);
  shard.tickHead = headOf(recorded, decoded);
  if (decision === undefined) return undefined;
  return encodeTickCommit(decision, {
    shard: shardOfSubject(recorded.subject),
    term: decoded.commit.term,
    head,
    from,
    horizonMs,
    definitionsSeq,
    tzdata,
  }).bytes;
}

interface Streams {
  readonly slots: Items<tick.Slot>;
  readonly facts: Items<AttemptFact>;
}

function dispatchAgain(
  world: World,
  recorded: RecordedCommit,
  decoded: DecodedCommit,
  { slots, facts }: Streams,
): Uint8Array {
  const shard = world.shardOf(recorded);
  const { dispatch: state, dispatchHead: head } = shard;
  const place = shardOfSubject(recorded.subject);
  const inputs = dispatchInputsOf(decoded);
  takePositions(state, inputs);
  const { events } = decideDispatch(state, {
    nowMs: inputs.decidedAtMs,
    silences: inputs.silences,
    unclaimed: inputs.unclaimed,
    commands: inputs.commands,
    slots: slots.upTo(place, inputs.ticks),
    limitKeys: new RecordedKeys(inputs.limitKeys),
    facts: facts.upTo(place, inputs.attempts),
  });
  shard.dispatchHead = headOf(recorded, decoded);
  const { term } = decoded.commit;
  return encodeDispatchCommit(events, { shard: place, term, head, inputs }).bytes;
}

/** What an input stream has told of each shard and no decision has consumed. */
class Items<T> {
  readonly #waiting = new Map<number, { seq: number; index: number; item: T }[]>();

  add({ subject, seq }: RecordedCommit, items: readonly T[]): void {
    const shard = shardOfSubject(subject);
    const waiting = this.#waiting.get(shard) ?? [];
    waiting.push(...items.map((item, index) => ({ seq, index, item })));
    this.#waiting.set(shard, waiting);
  }

  /** Everything up to `seq`, and of the message after it the first `index` items. */
  upTo(shard: number, cursor: Cursor | undefined): T[] {
    const waiting = this.#waiting.get(shard) ?? [];
    if (cursor === undefined) return [];
    const next = waiting.find(({ seq }) => seq > cursor.seq)?.seq;
    const count = waiting.findIndex(
      ({ seq, index }) => seq > cursor.seq && (seq !== next || index >= cursor.index),
    );
    return waiting.splice(0, count < 0 ? waiting.length : count).map(({ item }) => item);
  }
}

function slotsIn(event: DecodedCommit['events'][number]['event']): readonly tick.Slot[] {
  return event.$typeName === 'tick.v1.SlotsDecided' ? event.slots : [];
}
