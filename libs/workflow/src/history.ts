import type { StepError } from './fault.js';
import type { Json, JsonObject } from './json.js';
import type { StepId } from './step-id.js';

export type TimerPurpose = 'wait' | 'timeout' | 'retry';

/**
 * What is recorded of a run, in the order of its stream. A run is nothing but the fold of these: who
 * holds the definition, the start and the facts holds the run.
 */
export type HistoryEvent =
  /** A step was handed to whoever runs it. It may be told again, after a crash. */
  | { readonly type: 'StepStarted'; readonly step: StepId; readonly atMs: number }
  | {
      readonly type: 'StepFinished';
      readonly step: StepId;
      readonly output: Json;
      readonly atMs: number;
    }
  | {
      readonly type: 'StepFailed';
      readonly step: StepId;
      readonly error: StepError;
      readonly atMs: number;
    }
  | {
      readonly type: 'WaitStarted';
      readonly step: StepId;
      readonly purpose: TimerPurpose;
      readonly untilMs: number;
      readonly atMs: number;
    }
  | { readonly type: 'ListenStarted'; readonly step: StepId; readonly atMs: number }
  | {
      readonly type: 'TimerFired';
      readonly step: StepId;
      readonly purpose: TimerPurpose;
      /** The instant that it was due at, however late somebody looked. */
      readonly atMs: number;
    }
  | { readonly type: 'EventReceived'; readonly event: CloudEvent; readonly atMs: number };

/** As JSON, by the CloudEvents specification. */
export type CloudEvent = JsonObject;

/** What a run starts with. */
export interface RunStart {
  readonly executionId: string;
  readonly startedAtMs: number;
  readonly input: Json;
  /** `$runtime`: version of Carillon; slot, previous success and the like as metadata. */
  readonly runtime: { readonly version: string; readonly metadata: JsonObject };
}
