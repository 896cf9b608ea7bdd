import type { HistoryEvent } from './history.js';
import { type Advance, Run, type RunSource } from './run.js';
import type { StepId } from './step-id.js';

/** What is to be done now, from the history alone. */
export function advance(
  source: RunSource & { readonly history: readonly HistoryEvent[]; readonly nowMs: number },
): Advance {
  return foldRun(source, source.history).next(source.nowMs);
}

export function foldRun(source: RunSource, history: readonly HistoryEvent[]): Run {
  const run = new Run(source);
  for (const event of history) run.apply(event);
  return run;
}

/**
 * The history as it was before a task was entered, so that a run goes on from there. The run is
 * played again and stands before that task: a fact that was reached through it fits nothing and is
 * left out; what branches beside it said is kept. Throws `JqHalted` when jq could not answer.
 */
export function cutBefore(
  source: RunSource,
  history: readonly HistoryEvent[],
  step: StepId,
): readonly HistoryEvent[] {
  const run = new Run({ ...source, holdAt: step });
  const kept = history.filter((event) => {
    const isKept = run.fits(event);
    if (isKept) run.apply(event);
    return isKept;
  });
  if (run.haltedBy) throw run.haltedBy;
  return kept;
}
