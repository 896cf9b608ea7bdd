/** A run with a world around it: who answers its steps, what time it is, and what was done to it. */
import { parse } from 'yaml';
import { advance } from '../advance.js';
import type { Call, Command } from '../command.js';
import type { Workflow } from '../definition.js';
import type { HistoryEvent, RunStart } from '../history.js';
import { JqThread } from '../jq.js';
import type { Json, JsonObject } from '../json.js';
import type { Advance, Done } from '../run.js';
import { stepKey } from '../step-id.js';

export const T0 = Date.UTC(2026, 0, 5, 9);

/** What the outside answers to a call: its output, or how it fails. */
export type Answer = Json | { readonly fails: { readonly type: string; readonly status: number } };
export type Answering = (call: Call, command: Command) => Answer;

/** Patient: the machine may be busy with other specs. */
export const jq = new JqThread({ timeMs: 20_000 });

export function workflowOf(text: string): Workflow {
  const { document, ...rest } = parse(text) as JsonObject;
  return {
    document: {
      dsl: '1.0.3',
      namespace: 'test',
      name: 'test',
      version: '1.0.0',
      ...(document as object),
    },
    ...rest,
  } as unknown as Workflow;
}

export const httpAnswer = (content: Json, statusCode = 200): Json => ({
  request: { method: 'GET', uri: 'https://x.test/', headers: {} },
  statusCode,
  headers: {},
  content,
});

export class World {
  readonly workflow: Workflow;
  readonly start: RunStart;
  history: HistoryEvent[] = [];
  nowMs = T0;
  /** Keys of the steps that were carried out, each time that they were. */
  readonly effects: string[] = [];
  readonly calls: Call[] = [];
  readonly #answer: Answering;

  constructor(
    text: string,
    { input = {}, answer = () => null }: { input?: Json; answer?: Answering } = {},
  ) {
    this.workflow = workflowOf(text);
    this.start = {
      executionId: 'e1',
      startedAtMs: T0,
      input,
      runtime: { version: '1', metadata: { slot: '2026-01-05T09:00' } },
    };
    this.#answer = answer;
  }

  get source() {
    return { workflow: this.workflow, start: this.start, jq };
  }

  look(): Advance {
    return advance({ ...this.source, history: this.history, nowMs: this.nowMs });
  }

  /** Records what is due and carries out one step, if there is one. */
  step(
    choose: (commands: readonly Command[]) => Command | undefined = ([first]) => first,
  ): Advance {
    const seen = this.look();
    this.history.push(...seen.facts);
    const command = seen.done || seen.halted ? undefined : choose(seen.commands);
    if (command) this.carryOut(command);
    return seen;
  }

  carryOut(command: Command): void {
    const { step, call } = command;
    this.history.push({ type: 'StepStarted', step, atMs: this.nowMs });
    this.effects.push(stepKey(step));
    this.calls.push(call);
    const answer = call.kind === 'emit' ? null : this.#answer(call, command);
    const atMs = this.nowMs;
    if (typeof answer === 'object' && answer !== null && 'fails' in answer) {
      const error = { ...(answer.fails as { type: string; status: number }), instance: '' };
      this.history.push({ type: 'StepFailed', step, error, atMs });
    } else this.history.push({ type: 'StepFinished', step, output: answer as Json, atMs });
  }

  /** Goes on until the run ends or waits for something that is not there. */
  run(): Advance {
    for (;;) {
      const seen = this.step();
      if (seen.done || seen.halted || seen.commands.length === 0) return seen;
    }
  }

  /** The same, with the clock moved to whatever is waited for. */
  runThrough(): Done {
    for (;;) {
      const { done, halted, waiting } = this.run();
      if (done) return done;
      if (halted || waiting?.untilMs === undefined)
        throw new Error(`The run stands still: ${JSON.stringify(halted ?? waiting)}`);
      this.nowMs = Math.max(this.nowMs, waiting.untilMs);
    }
  }

  receive(event: JsonObject): void {
    this.history.push(...this.look().facts, { type: 'EventReceived', event, atMs: this.nowMs });
  }

  get output(): Json {
    const done = this.runThrough();
    return done.outcome === 'completed' ? done.output : { faulted: { ...done.error } };
  }
}
