import {
  decodeCommit,
  fromBinary,
  parseDefinitionSubject,
  shardsConcerned,
  subjects,
  tick,
} from '#libs/contracts';
import { tzdataVersion } from '#libs/cron';
import {
  decideTick,
  EMPTY_JOURNAL,
  encodeTickCommit,
  headAfter,
  type JournalHead,
  TickPlan,
} from '#libs/domain';
import type { EventLog, StoredCommit } from '#libs/event-log';
import { difference, type Finding, findingAt, type Verdict } from './finding.js';
import { Peekable } from './peekable.js';

/** Derives every tick commit of a shard from the definitions that it knew, byte for byte. */
export async function verifyTicks(log: EventLog, shard: number, shards: number): Promise<Verdict> {
  const checked = `ticks of shard ${shard}`;
  const definitions = new Peekable(log.read({ stream: 'DEFINITIONS', fromSeq: 1 }));
  const plan = new TickPlan();
  let head: JournalHead = EMPTY_JOURNAL;
  let commits = 0;
  try {
    const range = { stream: 'TICKS', subject: subjects.tick(shard), fromSeq: 1 } as const;
    for await (const stored of log.read(range)) {
      const inputs = inputsOf(stored);
      for await (const definition of definitions.takeWhile(
        ({ seq }) => seq <= inputs.definitionsSeq,
      ))
        define(plan, definition, shard, shards);
      const finding = compare(plan, head, stored, shard);
      if (finding) return { checked, commits, finding };
      const { commit, events } = decodeCommit(stored.bytes);
      const decided = events[0]?.event;
      if (decided?.$typeName === 'tick.v1.SlotsDecided' && decided.to) plan.advance(decided.to);
      head = headAfter(stored.seq, commit.ordinal, stored.bytes);
      commits += 1;
    }
  } finally {
    await definitions.close();
  }
  return { checked, commits, finding: undefined };
}

function compare(
  plan: TickPlan,
  head: JournalHead,
  stored: StoredCommit,
  shard: number,
): Finding | undefined {
  const { commit } = decodeCommit(stored.bytes);
  const { horizonMs, definitionsSeq, tzdata } = inputsOf(stored);
  const decision = decideTick(plan, horizonMs);
  if (decision === undefined) return findingAt(stored, 'nothing was due, by its own inputs');
  const derived = encodeTickCommit(decision, {
    shard,
    term: commit.term,
    head,
    from: plan.watermark,
    horizonMs,
    definitionsSeq,
    tzdata,
  });
  if (Buffer.compare(derived.bytes, stored.bytes) === 0) return undefined;
  const rules =
    tzdata === tzdataVersion()
      ? ''
      : `; it was decided under tzdata ${tzdata}, and this machine has ${tzdataVersion()}: verify with that one`;
  return findingAt(stored, difference(stored.bytes, derived.bytes) + rules);
}

function define(plan: TickPlan, stored: StoredCommit, shard: number, shards: number): void {
  const at = parseDefinitionSubject(stored.subject);
  if (at === undefined || !shardsConcerned(at.account, shards).includes(shard)) return;
  const { commit, events } = decodeCommit(stored.bytes);
  for (const { event } of events) plan.apply(at.account, at.id, event, commit.occurredAtMs);
}

function inputsOf(stored: StoredCommit): tick.TickInputs {
  return fromBinary(tick.TickInputsSchema, decodeCommit(stored.bytes).commit.inputs);
}
