/**
 * The dispatcher's decision: from slots, commands, facts, silences and the time, to the next events
 * of the shard's journal.
 *
 * Order within one decision, always the same: silent workers, facts of attempts,
 * offers that went astray, commands, slots,
 * what fell due, backfills, redrives, and then the release of what there is room for. Events are evolved as they are
 * emitted, so a later step sees what an earlier one decided. The same state and inputs give the same
 * events, byte for byte: nothing here reads a clock or draws a number.
 */

import type { AttemptFact, DispatchEvent, dispatch as d, tick } from '#libs/contracts';
import { onFact, onSilence, onTime, onUnclaimed } from './attempt/attempts.js';
import { runBackfills } from './backfill/run-backfills.js';
import { answerCommand, type CommandAnswer } from './commands.js';
import { runRedrives } from './dead-letter/run-redrives.js';
import type { DecidedEvent, Emit } from './emit.js';
import { failedKey, putUnderLimits } from './queue/admission.js';
import { EvaluatedKeys, type LimitKeys } from './queue/limit-keys.js';
import { release } from './queue/release.js';
import { onEnd } from './run/children.js';
import { onSlot } from './slots.js';
import type { DispatchState } from './state.js';

export interface DispatchDecisionInputs {
  readonly nowMs: number;
  readonly silences: readonly d.WorkerSilence[];
  readonly unclaimed?: readonly d.UnclaimedOffer[];
  readonly facts: readonly AttemptFact[];
  readonly commands: readonly d.Command[];
  readonly slots: readonly tick.Slot[];
  readonly limitKeys?: LimitKeys;
}

export interface DispatchDecision {
  readonly events: readonly DecidedEvent[];
  /** In the order of the commands. */
  readonly answers: readonly CommandAnswer[];
}

export function decideDispatch(
  state: DispatchState,
  inputs: DispatchDecisionInputs,
): DispatchDecision {
  const events: DecidedEvent[] = [];
  const { nowMs } = inputs;
  state.limitKeys = inputs.limitKeys ?? new EvaluatedKeys();
  const emit: Emit = (decided) => {
    const { event } = decided;
    const isRequest = event.$typeName === 'dispatch.v1.ExecutionRequested';
    const fault = isRequest ? putUnderLimits(state, event, nowMs) : '';
    const ends = isEnd(event) ? state.executions.get(event.executionId) : undefined;
    state.evolve(event, nowMs);
    events.push(decided);
    if (ends?.parent !== undefined || ends?.run !== undefined)
      onEnd(state, ends, event as End, nowMs, emit);
    if (fault !== '') failedKey(state, decided.executionId, fault, nowMs, emit);
  };
  for (const silence of inputs.silences) onSilence(state, silence, nowMs, emit);
  for (const fact of inputs.facts) onFact(state, fact, nowMs, emit);
  for (const offer of inputs.unclaimed ?? []) onUnclaimed(state, offer, nowMs, emit);
  const answers = inputs.commands.map((command) => answerCommand(state, command, nowMs, emit));
  for (const slot of inputs.slots) onSlot(state, slot, nowMs, emit);
  onTime(state, nowMs, emit);
  runBackfills(state, nowMs, emit);
  runRedrives(state, nowMs, emit);
  release(state, nowMs, emit);
  return { events, answers };
}

type End = d.ExecutionFinished | d.ExecutionSkipped;

function isEnd(event: DispatchEvent): event is End {
  const { $typeName } = event;
  return (
    $typeName === 'dispatch.v1.ExecutionFinished' || $typeName === 'dispatch.v1.ExecutionSkipped'
  );
}
