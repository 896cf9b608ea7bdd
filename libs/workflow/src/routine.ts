import type { Call } from './command.js';
import type { CloudEvent, TimerPurpose } from './history.js';
import type { Json } from './json.js';
import type { StepId } from './step-id.js';

/** Part of a run: yields what it waits for, and is handed that when it goes on. */
export type Routine<Result = unknown> = Generator<Request, Result, unknown>;

export interface Timer {
  readonly step: StepId;
  readonly purpose: TimerPurpose;
  readonly dueAtMs: number;
}

export interface Subscription {
  readonly step: StepId;
  /** Of the events that may fit; undefined: any. */
  readonly types: readonly string[] | undefined;
  readonly queue: CloudEvent[];
  readonly accepts: (event: CloudEvent) => boolean;
}

/**
 * `all`: goes on with every result; the first error ends the others. `first-done`: goes on with the
 * first result; an error counts only when nobody is left. `first-settled`: the first, whatever it is.
 */
export type Mode = 'all' | 'first-done' | 'first-settled';

export type Request =
  | {
      readonly kind: 'step';
      readonly step: StepId;
      readonly call: Call;
      readonly timeoutMs?: number;
    }
  | { readonly kind: 'timer'; readonly timer: Timer }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'event'; readonly subscription: Subscription }
  | { readonly kind: 'together'; readonly mode: Mode; readonly routines: readonly Routine[] };

/** `then: end` ends the run from wherever it stands. No `try` takes it for an error. */
export class Ending extends Error {
  readonly output: Json;
  constructor(output: Json) {
    super('The run ends here.');
    this.output = output;
  }
}

/** What one step gives, once the history knows. */
export function* perform(request: Omit<Request & { kind: 'step' }, 'kind'>): Routine<Json> {
  return (yield { kind: 'step', ...request }) as Json;
}

export function* sleep(timer: Timer): Routine<void> {
  yield { kind: 'timer', timer };
}

export function* nextEvent(subscription: Subscription): Routine<CloudEvent> {
  return (yield { kind: 'event', subscription }) as CloudEvent;
}

/** Stands where it is. */
export function* stay(): Routine<never> {
  for (;;) yield { kind: 'nothing' };
}

export function* everyOne<Result>(routines: readonly Routine<Result>[]): Routine<Result[]> {
  return (yield { kind: 'together', mode: 'all', routines }) as Result[];
}

export function* firstOf<Result>(
  mode: 'first-done' | 'first-settled',
  routines: readonly Routine<Result>[],
): Routine<{ readonly index: number; readonly value: Result }> {
  return (yield { kind: 'together', mode, routines }) as { index: number; value: Result };
}
