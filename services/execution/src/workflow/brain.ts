import type { Clock } from '#libs/clock';
import type { HistoryEvent } from '#libs/workflow';
import { JobFailure } from '../child/job-failure.js';
import type { Failure } from '../child/protocol.js';
import type { Thought, WorkflowJob } from '../child/workflow/workflow-job.js';
import { AttemptProcess, type ChildMessage } from '../children/attempt-process.js';
import type { Scratch } from '../children/scratch.js';
import { LIMITS } from '../limits.js';

export interface BrainDeps {
  readonly scratch: Scratch;
  readonly clock: Clock;
}

/** The process that folds a run. What went wrong with it is thrown at whoever waits for a thought. */
export class Brain {
  readonly #deps: BrainDeps;
  readonly #folder: string;
  readonly #child: AttemptProcess;
  #awaited: PromiseWithResolvers<Thought> | undefined;
  #broken: JobFailure | undefined;
  #job = 0;

  private constructor(deps: BrainDeps, folder: string) {
    this.#deps = deps;
    this.#folder = folder;
    this.#child = new AttemptProcess({
      scratch: folder,
      heapMb: LIMITS.brainHeapMb,
      clock: deps.clock,
      lineBytes: LIMITS.lineFromBrainBytes,
    });
    this.#child.hold({
      onMessage: (message) => this.#hear(message),
      onPrinted: () => {},
      onGarbled: () =>
        this.#break('CHILD_GARBLED', 'The process of the run said what nobody understands.'),
      onExit: ({ code, signal }) =>
        this.#break('CHILD_CRASHED', `The process of the run ended by itself (${signal ?? code}).`),
    });
  }

  static async open(deps: BrainDeps): Promise<Brain> {
    return new Brain(deps, await deps.scratch.open());
  }

  /** Begins a run, and forgets the one before. */
  begin(job: WorkflowJob, facts: readonly HistoryEvent[]): void {
    if (this.#job > 0) this.#child.send({ type: 'stop', id: this.#job, cause: 'superseded' });
    this.#job += 1;
    this.#child.send({ type: 'start', id: this.#job, job });
    this.tell(facts);
  }

  tell(facts: readonly HistoryEvent[]): void {
    let line: HistoryEvent[] = [];
    let chars = 0;
    const send = () => {
      if (line.length > 0) this.#child.send({ type: 'tell', id: this.#job, facts: line });
      line = [];
      chars = 0;
    };
    for (const fact of facts) {
      const size = JSON.stringify(fact).length;
      if (line.length >= LIMITS.factsPerLine || chars + size > LIMITS.factLineChars) send();
      line.push(fact);
      chars += size;
    }
    send();
  }

  next(nowMs: number): Promise<Thought> {
    return this.#ask(() => this.#child.send({ type: 'next', id: this.#job, nowMs }));
  }

  /** The facts before a step; without one, before the step that the run failed at. */
  cut(before: { path: string; iteration: readonly number[] } | undefined, nowMs: number) {
    const step = before === undefined ? {} : { before };
    return this.#ask(() => this.#child.send({ type: 'cut', id: this.#job, nowMs, ...step }));
  }

  /** Ends the process; who waits for a thought is told so. */
  async close(): Promise<void> {
    this.#broken ??= new JobFailure('STOPPED', 'It was stopped.');
    this.#child.hold(undefined);
    await this.#child.endTree({ graceMs: 0 });
    await this.#deps.scratch.close(this.#folder);
    this.#awaited?.reject(this.#broken);
  }

  #ask(send: () => void): Promise<Thought> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    this.#awaited = Promise.withResolvers();
    send();
    return this.#awaited.promise;
  }

  #hear(message: ChildMessage): void {
    if (message.id !== this.#job) return;
    if (message.type === 'thought') this.#awaited?.resolve(message.thought);
    if (message.type === 'end') this.#failed(message.failure);
  }

  #failed(failure: Failure | undefined): void {
    const {
      code = 'RUNNER_FAULT',
      message = 'The run ended without a word.',
      final = false,
    } = failure ?? {};
    this.#break(code, message, final);
  }

  #break(code: string, message: string, final = false): void {
    this.#broken ??= new JobFailure(code, message, { final });
    this.#awaited?.reject(this.#broken);
  }
}
