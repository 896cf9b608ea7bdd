import type { HistoryEvent } from './history.js';
import { type Advance, Run, type RunSource } from './run.js';
import { type StepId, stepKey } from './step-id.js';

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
 * The history as it was before a step, so that a run goes on from there: whatever the step or
 * anything after it said is left out, and what branches beside it said is kept. What came after is
 * found by replay: with the step open, a fact of something that was reached through it fits nothing.
 */
export function cutBefore(
  source: RunSource,
  history: readonly HistoryEvent[],
  step: StepId,
): readonly HistoryEvent[] {
  const run = new Run(source);
  const key = stepKey(step);
  return history.filter((event) => {
    const isKept =
      event.type === 'EventReceived' || (stepKey(event.step) !== key && run.isOpen(event.step));
    if (isKept) run.apply(event);
    return isKept;
  });
}
