import { attempt as a } from '#libs/contracts';
import type { Measured, StopCause } from '../child/protocol.js';
import type { Outcome, RunDeps } from '../run-attempt.js';
import { type RunEnd, WorkflowRun, type WorkflowRunAbout } from './workflow-run.js';

export interface InWorkflow extends Pick<WorkflowRunAbout, 'shard' | 'attempt' | 'tell'> {
  readonly hold: (run: { stop(cause: StopCause): void }) => void;
  readonly stopped: (cause: StopCause) => Outcome;
}

/** An attempt of a run, as the outcome that its end is told with. */
export async function inWorkflow(deps: RunDeps, about: InWorkflow): Promise<Outcome> {
  let measured: Measured = { cpuMs: 0, peakMemoryBytes: 0 };
  const run = new WorkflowRun(deps, {
    ...about,
    // Of processes one after the other: what they took together, and the largest of them.
    onMeasured: (one) => {
      measured = {
        cpuMs: measured.cpuMs + one.cpuMs,
        peakMemoryBytes: Math.max(measured.peakMemoryBytes, one.peakMemoryBytes),
      };
    },
  });
  about.hold(run);
  const end = await run.run();
  if (end.kind === 'stopped') return { ...about.stopped(end.cause), measured };
  return { ...outcomeOf(end, about), measured };
}

function outcomeOf(end: Exclude<RunEnd, { kind: 'stopped' }>, { tell }: InWorkflow): Outcome {
  switch (end.kind) {
    case 'completed':
      return { outcome: a.AttemptOutcome.SUCCEEDED, outputJson: JSON.stringify(end.output) };
    case 'snoozed':
      return { outcome: a.AttemptOutcome.SNOOZED, snooze: end.snooze };
    case 'failed':
      tell('error', end.failure.message);
      return { outcome: a.AttemptOutcome.FAILED, failure: end.failure };
  }
}
