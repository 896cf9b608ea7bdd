/** What the owner of a shard knows of a workflow's run. Its steps are in RUNS, and its worker's matter. */
import { type attempt as a, dispatch as d } from '#libs/contracts';
import { CHILD_ENDS_OFFERED_BYTES } from '../limits.js';

export interface RunPart {
  /** Open executions that a step of it waits for. */
  readonly children: Set<string>;
  /** Ends of children that its worker may not have recorded yet, in the order they came. */
  readonly ends: a.ChildEnd[];
  /** How many of them went with the last offer. */
  offered: number;
  /** Sequence in RUNS of the last event that was written into it from outside. */
  wokenSeq: number;
  /** The last attempt ended by snoozing. */
  resumed: boolean;
  /** What it waits for; undefined: it does not. */
  snoozed: d.ExecutionSnoozed | undefined;
}

export function newRunPart(): RunPart {
  return {
    children: new Set(),
    ends: [],
    offered: 0,
    wokenSeq: 0,
    resumed: false,
    snoozed: undefined,
  };
}

/** How many ends one offer carries: at least one, and no more than fit. */
export function endsToOffer(ends: readonly a.ChildEnd[]): number {
  let bytes = 0;
  let count = 0;
  for (const { outputJson, errorMessage } of ends) {
    bytes += outputJson.length + errorMessage.length;
    if (count > 0 && bytes > CHILD_ENDS_OFFERED_BYTES) break;
    count += 1;
  }
  return count;
}

/** One that snoozed had recorded all that it was offered, and asked for whatever it waits for. */
export function afterAttempt(run: RunPart | undefined, isSnoozed: boolean): void {
  if (run === undefined) return;
  run.resumed = isSnoozed;
  if (isSnoozed) run.ends.splice(0, run.offered);
  run.offered = 0;
}

/** As it is at this moment. */
export function copyOf(run: RunPart): RunPart {
  return { ...run, children: new Set(run.children), ends: [...run.ends] };
}

export const { WaitCause } = d;

/** What it waits for, the most certain first: a time comes by itself. */
export function causeOfSnooze({ untilMs, listens }: d.ExecutionSnoozed): d.WaitCause {
  if (untilMs > 0) return WaitCause.TIMER;
  return listens ? WaitCause.EVENT : WaitCause.CHILDREN;
}
