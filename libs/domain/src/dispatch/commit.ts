/** The bytes of a dispatch commit: made here by the owner of the shard, and made again by the audit. */

import type { DecodedCommit } from '#libs/contracts';
import { dispatch as d, encodeCommit, fromBinary, subjects, toBinary } from '#libs/contracts';
import { type JournalHead, journalCommitId, serviceActor } from '../journal.js';
import type { EncodedCommit } from '../tick/commit.js';
import type { DecidedEvent } from './emit.js';
import type { DispatchState } from './state.js';

export interface DispatchCommitContext {
  readonly shard: number;
  readonly term: number;
  readonly head: JournalHead;
  readonly inputs: d.DispatchInputs;
}

export function encodeDispatchCommit(
  events: readonly DecidedEvent[],
  { shard, term, head, inputs }: DispatchCommitContext,
): EncodedCommit {
  const subject = subjects.dispatch(shard);
  const ordinal = head.ordinal + 1;
  const id = journalCommitId(subject, term, ordinal);
  const bytes = encodeCommit({
    id,
    aggregate: subject,
    account: '',
    actor: serviceActor('dispatch'),
    occurredAtMs: inputs.decidedAtMs,
    correlationId: id,
    previousHash: head.hash,
    term,
    ordinal,
    inputs: toBinary(d.DispatchInputsSchema, inputs),
    events: events.map(({ event, account, executionId, actor, causationId }) => ({
      event,
      account,
      correlationId: executionId,
      ...(actor === undefined ? {} : { actor }),
      ...(causationId === undefined ? {} : { causationId }),
    })),
  });
  return { id, subject, ordinal, bytes };
}

export function dispatchInputsOf({ commit }: DecodedCommit): d.DispatchInputs {
  return fromBinary(d.DispatchInputsSchema, commit.inputs);
}

/** What a decision takes over from its inputs before it looks at any of them. */
export function takePositions(state: DispatchState, inputs: d.DispatchInputs): void {
  const { ticks, attempts } = inputs;
  if (ticks) state.ticks = { seq: ticks.seq, index: ticks.index };
  if (attempts) state.attempts = { seq: attempts.seq, index: attempts.index };
  for (const worker of inputs.workers) state.fleet.know(worker);
}

/** Folds one commit of the journal, and gives its inputs; its definitions are taken in apart. */
export function foldDispatchCommit(state: DispatchState, decoded: DecodedCommit): d.DispatchInputs {
  const inputs = dispatchInputsOf(decoded);
  takePositions(state, inputs);
  for (const { event } of decoded.events) {
    if (event.$typeName.startsWith('dispatch.v1.'))
      state.evolve(event as Parameters<DispatchState['evolve']>[0], inputs.decidedAtMs);
  }
  return inputs;
}
