import { Worker } from 'node:worker_threads';
import { type WorkflowProblem } from '#libs/workflow';
import { RequestProblem } from '../problems/problem.js';

/** Of one definition. Its expressions are compiled one after the other, and nobody else may wait for that. */
export const VALIDATION_MS = 15_000;

export type Validated =
  | { readonly ok: true; readonly reference: string; readonly title: string }
  | { readonly ok: false; readonly problems: readonly WorkflowProblem[] };

interface Asked {
  readonly source: string;
  readonly resolve: (validated: Validated) => void;
  readonly reject: (error: unknown) => void;
}

/** One definition at a time, in a thread of its own that is started when it is first needed. */
export class WorkflowValidator {
  readonly #waiting: Asked[] = [];
  #worker: Worker | undefined;
  #current: Asked | undefined;
  #timer: AbortController | undefined;
  readonly #sleep: (ms: number, signal: AbortSignal) => Promise<void>;

  constructor(sleep: (ms: number, signal: AbortSignal) => Promise<void>) {
    this.#sleep = sleep;
  }

  validate(source: string): Promise<Validated> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ source, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#timer?.abort();
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #next(): void {
    if (this.#current !== undefined) return;
    this.#current = this.#waiting.shift();
    if (this.#current === undefined) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage(this.#current.source);
    const timer = new AbortController();
    this.#timer = timer;
    this.#sleep(VALIDATION_MS, timer.signal).then(
      () => this.#broken('It takes too long to look at its expressions.'),
      () => {},
    );
  }

  #settle(settle: (asked: Asked) => void): void {
    this.#timer?.abort();
    const asked = this.#current;
    this.#current = undefined;
    if (asked !== undefined) settle(asked);
    this.#next();
  }

  #broken(why: string): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    const problem = new RequestProblem('service-unavailable', `It could not be looked at. ${why}`);
    this.#settle(({ reject }) => reject(problem));
  }

  #start(): Worker {
    const isSource = import.meta.url.endsWith('.ts');
    const hooks = new URL('../../../../scripts/source.mjs', import.meta.url).href;
    const name = isSource ? './workflow-validator-thread.ts' : './workflow-validator-thread.js';
    const file = new URL(name, import.meta.url);
    const execArgv = isSource ? ['--no-warnings', '--import', hooks] : [];
    const worker = new Worker(file, { execArgv });
    // It may not keep a process alive that has nothing else to do.
    worker.unref();
    worker.on('message', (validated: Validated) =>
      this.#settle(({ resolve }) => resolve(validated)),
    );
    worker.on('error', (error) => {
      if (this.#worker === worker) this.#broken(error.message);
    });
    return worker;
  }
}
