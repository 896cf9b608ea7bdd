/**
 * The dispatcher's decision: from slots, commands, facts, silences and the time, to the next events
 * of the shard's journal.
 *
 * Order within one decision, always the same: silent workers, facts of attempts, commands, slots,
 * what fell due, backfills, and then the release of what there is room for. Events are evolved as they are
 * emitted, so a later step sees what an earlier one decided. The same state and inputs give the same
 * events, byte for byte: nothing here reads a clock or draws a number.
 */
import { type AttemptFact, create, dispatch as d, type tick } from '#libs/contracts';
import { onFact, onSilence, onTime } from './attempts.js';
import { answerCommand, type CommandAnswer } from './commands.js';
import { keyOf } from './definitions.js';
import { type DecidedEvent, type Emit, of } from './emit.js';
import type { Execution } from './execution.js';
import { RELEASES_PER_DECISION } from './limits.js';
import { isItsTurn } from './overlap.js';
import { runBackfills } from './run-backfills.js';
import { onSlot } from './slots.js';
import type { DispatchState } from './state.js';

export interface DispatchDecisionInputs {
  readonly nowMs: number;
  readonly silences: readonly d.WorkerSilence[];
  readonly facts: readonly AttemptFact[];
  readonly commands: readonly d.Command[];
  readonly slots: readonly tick.Slot[];
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
  const emit: Emit = (decided) => {
    state.evolve(decided.event, nowMs);
    events.push(decided);
  };
  for (const silence of inputs.silences) onSilence(state, silence, nowMs, emit);
  for (const fact of inputs.facts) onFact(state, fact, emit);
  const answers = inputs.commands.map((command) => answerCommand(state, command, nowMs, emit));
  for (const slot of inputs.slots) onSlot(state, slot, nowMs, emit);
  onTime(state, nowMs, emit);
  runBackfills(state, nowMs, emit);
  release(state, nowMs, emit);
  return { events, answers };
}

/** Gives free slots to those who wait, in order, within the limits of their tasks. */
function release(state: DispatchState, nowMs: number, emit: Emit): void {
  for (const [pool, queue] of state.queues) {
    let free = Math.min(state.freeSlots(pool), RELEASES_PER_DECISION);
    if (free <= 0) continue;
    for (const id of queue.inOrder()) {
      if (free <= 0) break;
      const execution = state.executions.get(id);
      if (execution === undefined || !mayRun(state, execution, nowMs)) continue;
      free -= 1;
      emit(
        of(
          execution,
          create(d.AttemptReleasedSchema, {
            executionId: id,
            account: execution.account,
            attempt: execution.ended + 1,
            fence: state.fence + 1,
            releasedAtMs: nowMs,
          }),
        ),
      );
    }
  }
}

function mayRun(state: DispatchState, execution: Execution, nowMs: number): boolean {
  const limit = execution.spec.settings?.concurrencyLimit ?? 0;
  const { account, spec } = execution;
  const active = state.activeOf.get(keyOf(account, spec.taskId)) ?? 0;
  if (limit > 0 && active >= limit) return false;
  if (isHeld(state, execution, nowMs)) return false;
  return isItsTurn(state, execution);
}

/** A maintenance holds what schedules started; what people start by hand goes on. */
function isHeld(state: DispatchState, { account, trigger }: Execution, nowMs: number): boolean {
  const scheduled = trigger === d.Trigger.SCHEDULED || trigger === d.Trigger.CATCH_UP;
  return scheduled && state.definitions.maintenance.at(account, nowMs) !== undefined;
}
