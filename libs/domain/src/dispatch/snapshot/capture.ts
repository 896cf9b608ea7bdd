/**
 * What a state holds, as lists of plain values: taken at one moment and copied where the state changes in
 * place, so that it can be written down while the state moves on.
 *
 * Objects are taken whole, not field by field: a field that an execution gets is in the snapshot without a
 * word here. Not taken is what follows from the rest (the due index, open executions by task) and what is
 * only a cache (who is parked where).
 */

import type { Backfill } from '../backfill/backfills.js';
import type { CommandPart } from '../command-memory.js';
import type { DeadLetter } from '../dead-letter/dead-letters.js';
import type { Redrive } from '../dead-letter/redrives.js';
import { type Definitions, keyOf } from '../definitions.js';
import type { Cursor, Execution, FailureRun } from '../execution.js';
import type { FleetPart } from '../queue/fleet.js';
import type { LinePart } from '../queue/line.js';
import { copyOf } from '../run/run-part.js';
import { DispatchState } from '../state.js';

export interface StateParts extends LinePart, FleetPart, CommandPart {
  readonly ticks: Cursor;
  readonly attempts: Cursor;
  readonly fence: number;
  readonly meanMs: readonly (readonly [pool: string, ms: number])[];
  readonly executions: readonly Execution[];
  readonly failures: readonly FailureRun[];
  readonly successes: readonly (readonly [task: string, nominalAtMs: number])[];
  readonly backfills: readonly Backfill[];
  readonly redrives: readonly Redrive[];
  readonly deadLetters: readonly DeadLetter[];
}

export function captureState(state: DispatchState): StateParts {
  const { ticks, attempts, fence, meanMs, executions, failures, successes } = state;
  return {
    ticks: { ...ticks },
    attempts: { ...attempts },
    fence,
    meanMs: [...meanMs],
    executions: [...executions.values()].map(({ run, ...rest }) => ({
      ...rest,
      run: run && copyOf(run),
    })),
    failures: [...failures.values()],
    successes: [...successes],
    backfills: state.backfills.part(),
    redrives: state.redrives.part(),
    deadLetters: [...state.deadLetters.all()],
    ...state.line.part(),
    ...state.fleet.part(),
    ...state.commands.part(),
  };
}

export function restoreState(parts: StateParts, definitions: Definitions): DispatchState {
  const state = new DispatchState(definitions);
  state.ticks = parts.ticks;
  state.attempts = parts.attempts;
  state.fence = parts.fence;
  for (const [pool, ms] of parts.meanMs) state.meanMs.set(pool, ms);
  for (const execution of parts.executions) restoreExecution(state, execution);
  for (const run of parts.failures) state.failures.set(keyOf(run.account, run.taskId), run);
  for (const [task, atMs] of parts.successes) state.successes.set(task, atMs);
  state.backfills.restore(parts.backfills);
  state.redrives.restore(parts.redrives);
  state.deadLetters.restore(parts.deadLetters);
  state.fleet.restore(parts);
  state.commands.restore(parts);
  state.line.restore(parts, state.executions);
  return state;
}

function restoreExecution(state: DispatchState, execution: Execution): void {
  const { id, account, spec } = execution;
  state.executions.set(id, execution);
  const key = keyOf(account, spec.taskId);
  const open = state.openOf.get(key) ?? new Set();
  state.openOf.set(key, open.add(id));
  state.due.note(execution);
}
