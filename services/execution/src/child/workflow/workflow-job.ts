import type { Call, Command, Done, HistoryEvent, RunStart, StepId, Waiting } from '#libs/workflow';

/** The thinking of a run: a fold in a process of its own, for jq makes its caller sleep. */
export interface WorkflowJob {
  readonly kind: 'workflow';
  /** The definition as it was written. */
  readonly source: string;
  readonly start: RunStart;
}

/** What the process is told of its run, in this order. */
export type RunMessage =
  | { readonly type: 'tell'; readonly facts: readonly HistoryEvent[] }
  | { readonly type: 'next'; readonly nowMs: number }
  /** The facts so far up to a step; without one, up to the step that the run failed at. */
  | { readonly type: 'cut'; readonly before?: StepId; readonly nowMs: number };

/** The answer to `next` or `cut`. */
export interface Thought {
  readonly facts: readonly HistoryEvent[];
  /** Since the last answer. */
  readonly opened: readonly Command[];
  /** Keys of steps that are no longer open. */
  readonly closed: readonly string[];
  readonly waiting?: Waiting;
  readonly done?: Done;
  readonly halted?: { readonly code: string; readonly message: string };
  /** Facts that fitted nothing. */
  readonly strays: number;
  /** Of a cut: where it was made; absent: nowhere, the whole history is kept. */
  readonly cutBefore?: StepId;
}

/** A request of a step, on a child that has many of them. */
export interface HttpCallJob {
  readonly kind: 'http.call';
  readonly call: Extract<Call, { kind: 'http' }>;
  readonly idempotencyKey: string;
}
