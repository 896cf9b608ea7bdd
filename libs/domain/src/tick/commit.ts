/** The bytes of a tick commit: made here by the ticker, and made again by the audit. */
import { create, encodeCommit, subjects, tick, toBinary } from '#libs/contracts';
import { type JournalHead, journalCommitId, serviceActor } from '../journal.js';
import type { Watermark } from './plan.js';
import type { TickDecision } from './tick.js';

export interface TickCommitContext {
  readonly shard: number;
  readonly term: number;
  readonly head: JournalHead;
  readonly from: Watermark;
  readonly horizonMs: number;
  readonly definitionsSeq: number;
  readonly tzdata: string;
}

export interface EncodedCommit {
  readonly id: string;
  readonly subject: string;
  readonly ordinal: number;
  readonly bytes: Uint8Array;
}

export function encodeTickCommit(
  decision: TickDecision,
  context: TickCommitContext,
): EncodedCommit {
  const { shard, term, head, from, horizonMs, definitionsSeq, tzdata } = context;
  const subject = subjects.tick(shard);
  const ordinal = head.ordinal + 1;
  const id = journalCommitId(subject, term, ordinal);
  const inputs = create(tick.TickInputsSchema, { from, horizonMs, definitionsSeq, tzdata });
  const slots = [...decision.slots];
  const event = create(tick.SlotsDecidedSchema, { shard, to: decision.to, slots });
  const bytes = encodeCommit({
    id,
    aggregate: subject,
    account: '',
    actor: serviceActor('ticker'),
    occurredAtMs: horizonMs,
    correlationId: id,
    previousHash: head.hash,
    term,
    ordinal,
    inputs: toBinary(tick.TickInputsSchema, inputs),
    events: [{ event }],
  });
  return { id, subject, ordinal, bytes };
}
