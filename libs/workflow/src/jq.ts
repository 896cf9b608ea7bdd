/**
 * jq 1.8.2 by WebAssembly, asked synchronously, with a limit on time and output.
 *
 * The interpreter is pure and synchronous, and a program of jq may never end. So jq runs in a thread
 * of its own and the caller sleeps on a counter that they share. An expression is a function of its
 * input and variables: `now` is the time that is handed in, there is no environment, no local time
 * zone, no second input. What depends on the machine (too slow, out of memory) is no answer: it is
 * thrown as `JqHalted` and never becomes a fact of a run.
 */
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import { depthOf, type Json } from './json.js';
import { WORKFLOW_LIMITS } from './limits.js';
import { readPath } from './path-expression.js';

export interface JqQuestion {
  readonly expression: string;
  readonly input: Json;
  /** By name without the dollar. */
  readonly variables: Readonly<Record<string, Json>>;
  /** What `now` gives. */
  readonly nowMs: number;
}

export type JqAnswer =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly message: string };

export interface Jq {
  evaluate(question: JqQuestion): JqAnswer;
  /** What is wrong with an expression in which these variables are known; undefined: nothing. */
  compile(expression: string, variables: readonly string[]): string | undefined;
}

export type JqHaltCode = 'JQ_TIMED_OUT' | 'JQ_BROKEN' | 'JQ_NOT_STARTED';

/** jq could not answer, for a reason that another machine or another moment may not have. */
export class JqHalted extends Error {
  readonly code: JqHaltCode;
  constructor(code: JqHaltCode, message: string) {
    super(message);
    this.code = code;
  }
}

type Reply =
  | { readonly kind: 'ready' | 'too-large' }
  | { readonly kind: 'broken'; readonly message: string }
  | {
      readonly kind: 'answered';
      readonly stdout: string;
      readonly stderr: string;
      readonly exitCode: number;
    };

const COMPILE_FAILED = 3;

// Names that would let an expression see more than it was given, or differ between machines.
const PRELUDE = [
  '.now as $__now | {} as $ENV',
  'def now: $__now; def env: {}; def localtime: gmtime; def strflocaltime(f): strftime(f); def input: error("There is no other input."); def inputs: empty; def input_filename: null; def debug: .; def debug(f): .; def stderr: .; .',
].join(' | ');

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  /** One number that two threads see: how many things the other one has said. */
  readonly answers: Int32Array;
  heard: number;
}

export class JqThread implements Jq, AsyncDisposable {
  readonly #timeMs: number;
  readonly #known = new Map<string, JqAnswer>();
  readonly #endings = new Set<Promise<unknown>>();
  #thread: Thread | undefined;

  constructor({ timeMs = WORKFLOW_LIMITS.jqMs }: { readonly timeMs?: number } = {}) {
    this.#timeMs = timeMs;
  }

  evaluate({ expression, input, variables, nowMs }: JqQuestion): JqAnswer {
    const path = readPath(expression, input, variables);
    if (path) return path;
    const named = Object.entries(variables);
    const asked = { input, variables, now: nowMs / 1_000 };
    // Three levels are of the question itself.
    if (depthOf(asked, WORKFLOW_LIMITS.valueDepth + 3) > WORKFLOW_LIMITS.valueDepth + 3)
      return { ok: false, message: 'It is given values too deep within each other.' };
    const text = JSON.stringify(asked);
    if (Buffer.byteLength(text) > WORKFLOW_LIMITS.jqInputBytes)
      return { ok: false, message: 'It is given more than jq may be given.' };
    const bindings = named.map(([name]) => `.variables.${name} as $${name}`);
    // A line of its own: a comment at its end must not take the bracket with it.
    const program = [PRELUDE, ...bindings, `.input | (\n${expression}\n)`].join(' | ');
    const question = `${program}\n${text}`;
    const known = this.#known.get(question);
    if (known) return known;
    const answer = answerOf(this.#ask(program, text));
    if (question.length <= WORKFLOW_LIMITS.jqKnownChars) this.#know(question, answer);
    return answer;
  }

  compile(expression: string, variables: readonly string[]): string | undefined {
    // Without the brackets that it is run in, so that it can't close them and say something else.
    const bound = ['$__none', ...variables.map((name) => `$${name}`)].map(
      (name) => `null as ${name}`,
    );
    const reply = this.#ask([...bound, `\n${expression}`].join(' | '), '');
    return reply.kind === 'answered' && reply.exitCode === COMPILE_FAILED
      ? firstLine(reply.stderr)
      : undefined;
  }

  /** Every thread of it is gone then, also those that were ended on the way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    await Promise.all(this.#endings);
  }

  /** A replay asks again what the run has asked: the oldest answers make room. */
  #know(question: string, answer: JqAnswer): void {
    if (this.#known.size >= WORKFLOW_LIMITS.jqKnown)
      this.#known.delete(this.#known.keys().next().value as string);
    this.#known.set(question, answer);
  }

  #ask(program: string, input: string): Reply {
    const thread = (this.#thread ??= this.#start());
    thread.port.postMessage({ program, input });
    const reply = this.#hear(this.#timeMs);
    if (reply === undefined) {
      this.#end();
      throw new JqHalted('JQ_TIMED_OUT', `An expression took longer than ${this.#timeMs} ms.`);
    }
    if (reply.kind === 'broken') {
      this.#end();
      throw new JqHalted('JQ_BROKEN', `jq broke down: ${reply.message}`);
    }
    return reply;
  }

  #start(): Thread {
    const answers = new Int32Array(new SharedArrayBuffer(4));
    const { port1, port2 } = new MessageChannel();
    const file = import.meta.url.endsWith('.ts') ? './jq-thread.ts' : './jq-thread.js';
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: { answers, port: port2, outputBytes: WORKFLOW_LIMITS.jqOutputBytes },
      transferList: [port2],
      execArgv: [],
      env: {},
    });
    // Neither may keep a process alive that has nothing else to do.
    worker.unref();
    port1.unref();
    this.#thread = { worker, port: port1, answers, heard: 0 };
    if (this.#hear(WORKFLOW_LIMITS.jqStartMs)?.kind === 'ready') return this.#thread;
    this.#end();
    throw new JqHalted('JQ_NOT_STARTED', 'The jq thread did not start.');
  }

  /** Sleeps until the thread has said one thing more. */
  #hear(timeMs: number): Reply | undefined {
    const thread = this.#thread;
    if (!thread) return undefined;
    if (Atomics.wait(thread.answers, 0, thread.heard, timeMs) === 'timed-out') return undefined;
    thread.heard++;
    return receiveMessageOnPort(thread.port)?.message as Reply | undefined;
  }

  #end(): void {
    if (!this.#thread) return;
    this.#thread.port.close();
    const ending = this.#thread.worker.terminate().finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
    this.#thread = undefined;
  }
}

function answerOf(reply: Reply): JqAnswer {
  if (reply.kind === 'too-large') return { ok: false, message: 'It gives more than it may give.' };
  if (reply.kind !== 'answered') return { ok: false, message: 'It gave no answer.' };
  if (reply.exitCode !== 0) return { ok: false, message: firstLine(reply.stderr) };
  const lines = reply.stdout.split('\n').filter((line) => line !== '');
  if (lines.length > 1)
    return {
      ok: false,
      message: `It gives ${lines.length} values: put [ ] around it to get a list.`,
    };
  const value = lines[0] === undefined ? null : finite(lines[0]);
  if (depthOf(value, WORKFLOW_LIMITS.valueDepth) > WORKFLOW_LIMITS.valueDepth)
    return { ok: false, message: 'It gives values too deep within each other.' };
  return { ok: true, value };
}

/** jq writes numbers that JSON has and JavaScript has not, such as 1E+1000. */
function finite(text: string): Json {
  const value = JSON.parse(text) as Json;
  return /\d[eE]\+?\d{3}/.test(text) ? (JSON.parse(JSON.stringify(value)) as Json) : value;
}

function firstLine(stderr: string): string {
  const line = stderr.split('\n', 1)[0] ?? '';
  return line.replace(/^jq: error(?: \(at [^)]*\))?:? ?/, '').slice(0, 500) || 'It failed.';
}
