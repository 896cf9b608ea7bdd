import type { attempt as a, dispatch as d, task as t } from '#libs/contracts';
import type { RunPart } from './run/run-part.js';

export type Phase = 'queued' | 'offered' | 'running' | 'waiting';

export interface Execution {
  readonly id: string;
  readonly account: string;
  readonly spec: d.ExecutionSpec;
  readonly priority: t.Priority;
  readonly nominalAtMs: number;
  readonly trigger: d.Trigger;
  readonly slot: d.SlotRef | undefined;
  /** Empty when no schedule asked for it. */
  readonly scheduleId: string;
  /** It waits for earlier runs of its task to end, as far as the task's limit does not let it beside them. */
  readonly serial: boolean;
  /** The named limits that it is under, with its keys. */
  readonly limits: readonly d.LimitUse[];
  /** Its request, or its effective instant when that is later: deadlines count from here. */
  readonly countsFromMs: number;
  /** The run of a workflow that asked for it. */
  readonly parent: d.ParentRun | undefined;
  /** The run that it goes on from. */
  readonly origin: a.RunOrigin | undefined;
  /** Nominal time of the last success of its task, as of the request; 0: none. */
  readonly previousSuccessMs: number;
  /** Of a workflow. */
  readonly run: RunPart | undefined;
  /** Of the last attempt; kept for the parent only. */
  outputJson: string;
  phase: Phase;
  /** 0 before the first release. */
  attempt: number;
  fence: number;
  /** Attempts that ended or were lost; offers that did not lead to a start do not count. */
  ended: number;
  /** Those of them that consume a retry: what a draining worker hands back does not. */
  failures: number;
  /** Those of them in which it took its worker, or its process, with it. */
  crashes: number;
  /** Attempts whose process went down with others on it. */
  sharedLosses: number;
  /** What its attempts cost so far, in the currency of the last. */
  computeCostMicros: number;
  apiCostMicros: number;
  currency: string;
  /** Of the attempt that is offered or running. */
  workerId: string;
  /** The worker that lost the last attempt, or gave it back. */
  avoid: string;
  offeredAtMs: number;
  startedAtMs: number;
  /** The same by the clock of the shard's owner, by which it is judged. */
  acceptedAtMs: number;
  /** While it waits: until when. */
  waitUntilMs: number;
  cancelledAtMs: number;
  /** It is to be ended without grace. */
  force: boolean;
  /** It is being stopped since its total deadline came. */
  deadlinePassed: boolean;
}

/**
 * When the runs of a task failed since its last success; the newest, as many as pause it. Whether it was
 * resumed in between is asked when it matters: that is a definition, and those are folded apart.
 */
export interface FailureRun {
  readonly account: string;
  readonly taskId: string;
  readonly failedAtMs: readonly number[];
  readonly lastExecutionId: string;
}

export interface Cursor {
  seq: number;
  index: number;
}
