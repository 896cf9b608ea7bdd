/**
 * What the tasks of one run have in common: the definition, the context, and jq with the variables
 * that the specification hands to expressions.
 */
import type { Workflow } from './definition.js';
import { bare, enclosed, variablesIn } from './expression.js';
import { fault, limitFault } from './fault.js';
import type { RunStart } from './history.js';
import type { Jq } from './jq.js';
import { isObject, type Json, type JsonObject } from './json.js';
import type { Kernel } from './kernel.js';
import { WORKFLOW_LIMITS } from './limits.js';
import { type StepId, stepKey } from './step-id.js';

/** Where a task stands: which step it is, and what the loops and catches around it have named. */
export interface Place extends StepId {
  readonly variables: Readonly<Record<string, Json>>;
}

/** What an expression sees besides its input; what is absent it does not know. */
export interface Sight {
  readonly place: Place;
  readonly task?: JsonObject;
  readonly input?: Json;
  readonly output?: Json;
}

export class Machine {
  readonly workflow: Workflow;
  readonly start: RunStart;
  readonly kernel: Kernel;
  readonly #jq: Jq;
  readonly #workflowDescriptor: JsonObject;
  readonly #runtimeDescriptor: JsonObject;
  /** What `export` keeps: one for the whole run, whichever branch exports. */
  context: Json = null;
  #tasksEntered = 0;

  /** The task that the run must not enter. */
  readonly #heldAt: string | undefined;

  constructor(from: {
    workflow: Workflow;
    start: RunStart;
    kernel: Kernel;
    jq: Jq;
    holdAt?: StepId | undefined;
  }) {
    this.#heldAt = from.holdAt && stepKey(from.holdAt);
    this.workflow = from.workflow;
    this.start = from.start;
    this.kernel = from.kernel;
    this.#jq = from.jq;
    const { executionId, startedAtMs, input, runtime } = from.start;
    this.#workflowDescriptor = {
      id: executionId,
      definition: from.workflow as unknown as JsonObject,
      input,
      startedAt: instant(startedAtMs),
    };
    this.#runtimeDescriptor = { name: 'carillon', ...runtime };
  }

  /** Counts a visit of a task, so that no loop is endless. */
  enter(path: string): void {
    if (++this.#tasksEntered > WORKFLOW_LIMITS.tasksEntered)
      throw limitFault(path, 'tasks entered', WORKFLOW_LIMITS.tasksEntered);
  }

  isHeldAt(place: Place): boolean {
    return this.#heldAt !== undefined && this.#heldAt === stepKey(place);
  }

  /** `text` is an expression, in brackets or without. */
  evaluate(text: string, input: Json, sight: Sight): Json {
    const expression = bare(text);
    const known = this.#variables(sight);
    const variables: Record<string, Json> = {};
    for (const name of variablesIn(expression)) {
      const value = Object.hasOwn(known, name) ? known[name] : undefined;
      if (value !== undefined) variables[name] = value;
    }
    const answer = this.#jq.evaluate({ expression, input, variables, nowMs: this.kernel.nowMs });
    if (answer.ok) return answer.value;
    throw fault('expression', sight.place.path, {
      title: 'The expression failed',
      detail: `${answer.message} (in ${shortened(expression)})`,
    });
  }

  /** As jq has it: everything but false and null. */
  holds(text: string, input: Json, sight: Sight): boolean {
    const value = this.evaluate(text, input, sight);
    return value !== false && value !== null;
  }

  /** A value in which each text in brackets stands for what it gives. */
  fill(value: Json, input: Json, sight: Sight): Json {
    if (typeof value === 'string') {
      const expression = enclosed(value);
      return expression === undefined ? value : this.evaluate(expression, input, sight);
    }
    if (Array.isArray(value)) return (value as Json[]).map((one) => this.fill(one, input, sight));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, this.fill(one, input, sight)]),
    );
  }

  /** `from` and `as`: an expression, with or without brackets, or a value that holds some. */
  transform(value: Json | undefined, input: Json, sight: Sight): Json {
    if (value === undefined) return input;
    return typeof value === 'string'
      ? this.evaluate(value, input, sight)
      : this.fill(value, input, sight);
  }

  #variables({ place, task, input, output }: Sight): Readonly<Record<string, Json | undefined>> {
    return {
      ...place.variables,
      context: this.context,
      task,
      input,
      output,
      workflow: this.#workflowDescriptor,
      runtime: this.#runtimeDescriptor,
    };
  }
}

const MS_OF_SECOND = 1_000;

/** A date and time, as the specification describes it. */
export function instant(atMs: number): JsonObject {
  return {
    iso8601: isoOf(atMs),
    epoch: { seconds: Math.floor(atMs / MS_OF_SECOND), milliseconds: atMs },
  };
}

export function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

const SHOWN_CHARS = 120;

function shortened(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}
