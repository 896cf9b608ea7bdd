/**
 * One run, as the fold of its history.
 *
 * `apply` takes the facts in the order of their stream; `next` says what is to be done now. Both are
 * functions of definition, start and facts; `nowMs` decides only which timers are due, and what it
 * decided is handed back as a fact, to be recorded before anything else is done. A run that is at
 * hand is cheaper than its fold (a fact costs the same, however long the history is); it is a cache,
 * and `advance` does without.
 */
import type { Command } from './command.js';
import type { Workflow } from './definition.js';
import { Fault, fault, limitFault, type WorkflowError } from './fault.js';
import type { HistoryEvent, RunStart } from './history.js';
import { type Jq, type JqHaltCode, JqHalted } from './jq.js';
import { isWithin, type Json, jsonBytes } from './json.js';
import { Kernel } from './kernel.js';
import { WORKFLOW_LIMITS } from './limits.js';
import { Machine } from './machine.js';
import { Ending, type Routine, type Timer } from './routine.js';
import { withinOf, withinTime } from './run-tasks.js';
import { checkSchema } from './schemas.js';
import { type StepId, stepKey } from './step-id.js';
import { timeoutOf } from './timing.js';

export type Done =
  | { readonly outcome: 'completed'; readonly output: Json }
  | {
      readonly outcome: 'faulted';
      readonly error: WorkflowError;
      /** What it came out of: where a retry of the run begins. Absent: the workflow itself. */
      readonly step?: StepId;
    };

/** What a run waits for when there is nothing to do. */
export interface Waiting {
  /** The earliest timer; absent: none. */
  readonly untilMs?: number;
  readonly events: readonly {
    readonly step: StepId;
    /** Types of the events that may fit; absent: any. */
    readonly types?: readonly string[];
  }[];
}

export interface Advance {
  /** To be recorded first, in this order; the run has taken them already. */
  readonly facts: readonly HistoryEvent[];
  /** Every step that is open, in the order in which they were reached. */
  readonly commands: readonly Command[];
  readonly waiting?: Waiting;
  readonly done?: Done;
  /** jq could not answer here. Nothing was decided; another attempt may. */
  readonly halted?: { readonly code: JqHaltCode; readonly message: string };
  /** Facts that fitted nothing: late ones, or those of another definition. */
  readonly strays: number;
}

export interface RunSource {
  readonly workflow: Workflow;
  readonly start: RunStart;
  readonly jq: Jq;
  /** The run stands before this task, for ever: how a history is cut. */
  readonly holdAt?: StepId;
}

export class Run {
  readonly #machine: Machine;
  readonly #kernel: Kernel;
  readonly #announced = new Set<string>();
  #events = 0;
  #bytes = 0;
  #done: Done | undefined;
  #halted: JqHalted | undefined;

  constructor({ workflow, start, jq, holdAt }: RunSource) {
    this.#kernel = new Kernel(start.startedAtMs);
    this.#machine = new Machine({ workflow, start, jq, holdAt, kernel: this.#kernel });
    this.#guarded(() => this.#kernel.start(wholeRun(this.#machine)));
  }

  apply(event: HistoryEvent): void {
    if (this.#done || this.#halted) return;
    this.#events++;
    const taken = bounded(event);
    if (!taken) return;
    this.#bytes += jsonBytes(taken as unknown as Json);
    if (this.#isBeyond('facts', this.#events, WORKFLOW_LIMITS.historyEvents)) return;
    if (this.#isBeyond('bytes of its facts', this.#bytes, WORKFLOW_LIMITS.historyBytes)) return;
    if (event.type === 'WaitStarted')
      this.#announced.add(timerKey({ ...event, dueAtMs: event.untilMs }));
    if (event.type === 'ListenStarted') this.#announced.add(listenKey(event.step));
    this.#guarded(() => this.#kernel.apply(taken));
  }

  /** `nowMs` is the wall time; a timer is due when it has come. */
  next(nowMs: number): Advance {
    const facts: HistoryEvent[] = [];
    const take = (fact: HistoryEvent) => {
      facts.push(fact);
      this.apply(fact);
    };
    for (let due = this.#due(nowMs); due; due = this.#due(nowMs))
      take({ type: 'TimerFired', step: idOf(due.step), purpose: due.purpose, atMs: due.dueAtMs });
    for (const fact of this.#unannounced()) take(fact);
    const { strays } = this.#kernel;
    if (this.#halted) {
      const { code, message } = this.#halted;
      return { facts: [], commands: [], halted: { code, message }, strays };
    }
    if (this.#done) return { facts, commands: [], done: this.#done, strays };
    return { facts, commands: this.#commands(), waiting: this.#waiting(), strays };
  }

  /** Why it could not go on here; undefined: it could. */
  get haltedBy(): JqHalted | undefined {
    return this.#halted;
  }

  /** Whether a fact would fit something that is open now. */
  fits(event: HistoryEvent): boolean {
    return this.#kernel.fits(event);
  }

  #due(nowMs: number): Timer | undefined {
    if (this.#done || this.#halted) return undefined;
    let earliest: Timer | undefined;
    for (const timer of this.#kernel.timers())
      if (timer.dueAtMs <= nowMs && (!earliest || timer.dueAtMs < earliest.dueAtMs))
        earliest = timer;
    return earliest;
  }

  #unannounced(): readonly HistoryEvent[] {
    if (this.#done || this.#halted) return [];
    const atMs = this.#kernel.nowMs;
    const waits = [...this.#kernel.timers()]
      .filter((timer) => timer.purpose !== 'timeout' && !this.#announced.has(timerKey(timer)))
      .map(({ step, purpose, dueAtMs }): HistoryEvent => {
        return { type: 'WaitStarted', step: idOf(step), purpose, untilMs: dueAtMs, atMs };
      });
    const listens = [...this.#kernel.subscriptions.keys()]
      .filter(({ step }) => !this.#announced.has(listenKey(step)))
      .map(({ step }): HistoryEvent => ({ type: 'ListenStarted', step: idOf(step), atMs }));
    return [...waits, ...listens];
  }

  #commands(): readonly Command[] {
    const { executionId } = this.#machine.start;
    return [...this.#kernel.steps].map(([key, { request, startedAtMs }]) => ({
      step: idOf(request.step),
      call: request.call,
      idempotencyKey: `${executionId}:${key}`,
      ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
      isRepeated: startedAtMs !== undefined,
    }));
  }

  #waiting(): Waiting {
    const dues = [...this.#kernel.timers()].map(({ dueAtMs }) => dueAtMs);
    const untilMs = dues.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
    const events = [...this.#kernel.subscriptions.keys()].map(({ step, types }) => ({
      step: idOf(step),
      ...(types ? { types } : {}),
    }));
    return { ...(dues.length > 0 ? { untilMs } : {}), events };
  }

  #isBeyond(limit: string, count: number, most: number): boolean {
    if (count <= most) return false;
    this.#done = { outcome: 'faulted', error: limitFault('/', limit, most).error };
    return true;
  }

  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof JqHalted)) throw error;
      this.#halted = error;
      return;
    }
    const { outcome } = this.#kernel;
    if (!outcome) return;
    if ('value' in outcome) this.#done = { outcome: 'completed', output: outcome.value as Json };
    else if (outcome.error instanceof Fault) {
      const { error, step } = outcome.error;
      this.#done = { outcome: 'faulted', error, ...(step ? { step } : {}) };
    } else if (outcome.error instanceof JqHalted) this.#halted = outcome.error;
    else throw outcome.error;
  }
}

function* wholeRun(machine: Machine): Routine<Json> {
  const { workflow, start } = machine;
  const place = { path: '/do', iteration: [], variables: {} };
  const sight = { place: { ...place, path: '/' } };
  const { inputBytes, valueDepth } = WORKFLOW_LIMITS;
  if (!isWithin(start.input, { depth: valueDepth, bytes: inputBytes }))
    throw limitFault('/', 'bytes or depth of its input', inputBytes);
  checkSchema(workflow.input?.schema, start.input, { instance: '/', what: 'input' });
  const input = machine.transform(workflow.input?.from, start.input, sight);
  machine.context = input;
  const timeoutMs = timeoutOf(machine, workflow.timeout, input, sight);
  const tasks = withinOf(machine).list(workflow.do, place, input);
  const data = yield* endingEarly(
    timeoutMs === undefined ? tasks : withinTime(machine, sight.place, timeoutMs, tasks),
  );
  const output = machine.transform(workflow.output?.as, data, sight);
  checkSchema(workflow.output?.schema, output, { instance: '/', what: 'output' });
  return output;
}

function* endingEarly(tasks: Routine<Json>): Routine<Json> {
  try {
    return yield* tasks;
  } catch (error) {
    if (error instanceof Ending) return error.output;
    throw error;
  }
}

/** A step that gives more than it may has failed; an event that is more than it may be was not heard. */
function bounded(event: HistoryEvent): HistoryEvent | undefined {
  const { valueDepth: depth, outputBytes: bytes } = WORKFLOW_LIMITS;
  if (event.type === 'EventReceived')
    return isWithin(event.event, { depth, bytes }) ? event : undefined;
  if (event.type !== 'StepFinished' || isWithin(event.output, { depth, bytes })) return event;
  const { error } = fault('runtime', event.step.path, {
    title: 'The output is too large',
    detail: `A step gives ${bytes} bytes, ${depth} levels deep, at most.`,
  });
  return { type: 'StepFailed', step: event.step, error, atMs: event.atMs };
}

function idOf({ path, iteration }: StepId): StepId {
  return { path, iteration };
}

function timerKey({ step, purpose, dueAtMs }: Timer): string {
  return `${purpose} ${stepKey(step)} ${dueAtMs}`;
}

function listenKey(step: StepId): string {
  return `listen ${stepKey(step)}`;
}
