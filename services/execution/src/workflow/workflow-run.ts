import type { Clock, Timer } from '#libs/clock';
import { type attempt as a, attempt, create } from '#libs/contracts';
import { type Command, type Done, type HistoryEvent, type Json, stepKey } from '#libs/workflow';
import { failureOf } from '../child/job-failure.js';
import type { Failure, Level, Measured, StopCause } from '../child/protocol.js';
import type { Thought } from '../child/workflow/workflow-job.js';
import { LIMITS } from '../limits.js';
import type { AskDispatch } from './ask-dispatch.js';
import { beginningOf, jobOf } from './begin-run.js';
import { Brain } from './brain.js';
import { carryOut, type StepDeps } from './carry-out.js';
import { endOfChild, requestChild } from './children-of-run.js';
import { RunLog, type RunLogDeps } from './run-log.js';
import type { StepResult } from './step-result.js';

export interface WorkflowRunDeps extends StepDeps, RunLogDeps {
  readonly clock: Clock;
  readonly askDispatch: AskDispatch;
}

export interface WorkflowRunAbout {
  readonly shard: number;
  readonly attempt: a.OfferedAttempt;
  readonly tell: (level: Level, message: string) => void;
  readonly onMeasured: (measured: Measured) => void;
}

/** How an attempt of a run came to its end. */
export type RunEnd =
  | { readonly kind: 'completed'; readonly output: Json }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'snoozed'; readonly snooze: a.Snooze }
  | { readonly kind: 'stopped'; readonly cause: StopCause };

interface Result {
  readonly command: Command;
  readonly result: StepResult;
}

/**
 * One attempt of a run: what the fold says is recorded first, as one commit with the expected sequence,
 * then carried out, and what came of it is recorded with what follows from it. Whoever loses an append
 * reads the run again; what it was carrying out goes on.
 */
export class WorkflowRun {
  readonly #deps: WorkflowRunDeps;
  readonly #about: WorkflowRunAbout;
  readonly #log: RunLog;
  readonly #stop = new AbortController();
  readonly #open = new Map<string, Command>();
  readonly #running = new Map<string, { readonly abort: AbortController; done: Promise<void> }>();
  /** Steps whose child was requested. */
  readonly #asked = new Set<string>();
  #results: Result[] = [];
  #isFresh = true;
  #lastMs = 0;
  #wake: () => void = () => {};
  #broken: unknown;

  constructor(deps: WorkflowRunDeps, about: WorkflowRunAbout) {
    this.#deps = deps;
    this.#about = about;
    const { shard, attempt: of } = about;
    const { executionId, account, fence } = of;
    this.#log = new RunLog(deps, { shard, executionId, account, attempt: of.attempt, fence });
  }

  /** The first cause counts. */
  stop(cause: StopCause): void {
    if (!this.#stop.signal.aborted) this.#stop.abort(cause);
    this.#wake();
  }

  async run(): Promise<RunEnd> {
    const { timeoutMs } = this.#about.attempt;
    const timer: Timer | undefined =
      timeoutMs > 0
        ? this.#deps.clock.setTimer(() => this.stop('timed-out'), timeoutMs)
        : undefined;
    const brain = await Brain.open(this.#deps);
    // It may think for long, and is not asked whether it wants to end.
    const ending = new Promise<never>((_, reject) =>
      this.#stop.signal.addEventListener('abort', () => reject(this.#stop.signal.reason), {
        once: true,
      }),
    );
    ending.catch(() => {});
    try {
      return await Promise.race([this.#turns(brain), ending]);
    } catch (error) {
      if (this.#stop.signal.aborted) return this.#stopped();
      return { kind: 'failed', failure: failureOf(error) };
    } finally {
      timer?.cancel();
      for (const { abort } of this.#running.values()) abort.abort(this.#cause ?? 'cancelled');
      await brain.close();
      await Promise.all([...this.#running.values()].map(({ done }) => done));
    }
  }

  get #cause(): StopCause | undefined {
    return this.#stop.signal.aborted ? (this.#stop.signal.reason as StopCause) : undefined;
  }

  #stopped(): RunEnd {
    return { kind: 'stopped', cause: this.#cause ?? 'cancelled' };
  }

  async #turns(brain: Brain): Promise<RunEnd> {
    await this.#read(brain);
    for (;;) {
      if (this.#cause !== undefined) return this.#stopped();
      const end = await this.#turn(brain);
      if (end !== undefined) return end;
    }
  }

  /** From the log: at the beginning, and whenever somebody else wrote into the run. */
  async #read(brain: Brain): Promise<void> {
    for (;;) {
      const { started, facts, fence } = await this.#log.read();
      // Another attempt runs it by now.
      if (fence > this.#about.attempt.fence) this.stop('superseded');
      if (this.#cause !== undefined) return;
      if (started === undefined) {
        const begun = await beginningOf(this.#deps, this.#about, brain);
        await this.#log.append(begun.facts, begun.started);
        continue;
      }
      brain.begin(await jobOf(this.#deps.eventLog, started), facts);
      this.#open.clear();
      this.#isFresh = true;
      this.#lastMs = facts.reduce((last, { atMs }) => Math.max(last, atMs), started.startedAtMs);
      return;
    }
  }

  /** One commit, at most, and what follows from it. */
  async #turn(brain: Brain): Promise<RunEnd | undefined> {
    if (this.#broken !== undefined) throw this.#broken;
    const results = this.#takeResults();
    const nowMs = this.#now();
    const told = results.map((one) => factOfResult(one, nowMs));
    brain.tell(told);
    const thought = await brain.next(nowMs);
    this.#note(thought);
    if (thought.halted !== undefined)
      return { kind: 'failed', failure: { ...thought.halted, final: false } };
    const begin = thought.done === undefined ? this.#toBegin() : [];
    const started = begin.map(
      ({ step }): HistoryEvent => ({ type: 'StepStarted', step, atMs: nowMs }),
    );
    const facts = [...told, ...thought.facts, ...started];
    if (facts.length > 0 && !(await this.#log.append(facts))) {
      this.#results.unshift(...results);
      await this.#read(brain);
      return undefined;
    }
    if (this.#cause !== undefined) return this.#stopped();
    for (const one of results) this.#tellResult(one);
    brain.tell(started);
    for (const command of begin) this.#begin(command);
    if (thought.done !== undefined) return endOf(thought.done);
    // What was begun may have brought timers of its own.
    if (begin.length > 0 || this.#results.length > 0) return undefined;
    return this.#rest(thought, brain);
  }

  #note({ opened, closed }: Thought): void {
    this.#isFresh = false;
    for (const key of closed) this.#open.delete(key);
    for (const command of opened) this.#open.set(stepKey(command.step), command);
    for (const [key, { abort }] of this.#running)
      if (!this.#open.has(key)) abort.abort('cancelled');
    this.#results = this.#results.filter(({ command }) => this.#open.has(stepKey(command.step)));
  }

  /** As many as fit into one commit; none before it is known what is open. */
  #takeResults(): Result[] {
    if (this.#isFresh) return [];
    let bytes = 0;
    const count = this.#results.findIndex(({ result }) => {
      const isFirst = bytes === 0;
      bytes += JSON.stringify(result).length;
      return !isFirst && bytes > LIMITS.runBytesPerCommit;
    });
    return this.#results.splice(0, count < 0 ? LIMITS.runFactsPerCommit : count);
  }

  /** Those that there is room for. Children only wait, and take none. */
  #toBegin(): Command[] {
    const begin: Command[] = [];
    const pending = new Set(this.#results.map(({ command }) => stepKey(command.step)));
    const { childEnds, resumed } = this.#about.attempt;
    let room = LIMITS.stepsAtOnce - this.#running.size;
    let processes = LIMITS.processesAtOnce - this.#processes();
    for (const [key, command] of this.#open) {
      if (this.#running.has(key) || this.#asked.has(key) || pending.has(key)) continue;
      const { kind } = command.call;
      if (isAwaitedChild(command)) {
        const end = childEnds.find((one) => one.stepKey === key);
        if (end !== undefined) this.#results.push({ command, result: endOfChild(end) });
        else if (resumed && command.isRepeated) this.#asked.add(key);
      }
      if (this.#asked.has(key) || this.#results.some(({ command: of }) => of === command)) continue;
      const isProcess = kind === 'script' || kind === 'shell';
      if (room <= 0 || (isProcess && processes <= 0)) continue;
      room -= 1;
      if (isProcess) processes -= 1;
      begin.push(command);
    }
    return begin;
  }

  #processes(): number {
    let count = 0;
    for (const key of this.#running.keys()) {
      const kind = this.#open.get(key)?.call.kind;
      if (kind === 'script' || kind === 'shell') count += 1;
    }
    return count;
  }

  #begin(command: Command): void {
    const key = stepKey(command.step);
    this.#about.tell('info', `Step ${key}: ${wordsOf(command)}`);
    const abort = new AbortController();
    const done = this.#carryOut(command, abort.signal)
      .then((result) => {
        if (result === undefined) this.#asked.add(key);
        else if (!abort.signal.aborted) this.#results.push({ command, result });
      })
      .catch((error: unknown) => {
        this.#broken ??= error;
      })
      .finally(() => {
        this.#running.delete(key);
        this.#wake();
      });
    this.#running.set(key, { abort, done });
  }

  /** Undefined: a child that was requested. */
  async #carryOut(command: Command, signal: AbortSignal): Promise<StepResult | undefined> {
    const { call } = command;
    const { attempt: of, shard, onMeasured } = this.#about;
    // What was emitted follows from the definition.
    if (call.kind === 'emit') return { output: null };
    if (call.kind === 'task' || call.kind === 'workflow')
      return requestChild(
        { ask: this.#deps.askDispatch, shard, attempt: of, signal },
        call,
        command,
      );
    return carryOut(this.#deps, command, { attempt: of, signal, onMeasured });
  }

  #tellResult({ command, result }: Result): void {
    const key = stepKey(command.step);
    if ('output' in result) this.#about.tell('info', `Step ${key} is done.`);
    else {
      const { title = '', detail = '' } = result.error;
      this.#about.tell('warn', `Step ${key} has failed: ${title}. ${detail}`);
    }
  }

  /** Nothing is to be done at the moment. */
  async #rest({ waiting }: Thought, brain: Brain): Promise<RunEnd | undefined> {
    const { untilMs = Number.POSITIVE_INFINITY, events = [] } = waiting ?? {};
    const aheadMs = untilMs - this.#now();
    const listens = events.length > 0;
    if (this.#running.size === 0 && aheadMs > LIMITS.waitInPlaceMs)
      return this.#snooze(untilMs, events);
    await this.#pause(Math.min(aheadMs, listens ? LIMITS.listenLookMs : aheadMs));
    if (listens && this.#cause === undefined && (await this.#log.hasMoved()))
      await this.#read(brain);
    return undefined;
  }

  #snooze(untilMs: number, events: NonNullable<Thought['waiting']>['events']): RunEnd {
    const children = [...this.#open.keys()].filter((key) => this.#asked.has(key)).length;
    const isTimed = Number.isFinite(untilMs);
    if (!isTimed && events.length === 0 && children === 0)
      throw new Error('The run stands still and waits for nothing.');
    const types = events.map((one) => one.types);
    const snooze = create(attempt.SnoozeSchema, {
      untilMs: isTimed ? untilMs : 0,
      listens: events.length > 0,
      eventTypes: types.includes(undefined) ? [] : [...new Set(types.flatMap((one) => one ?? []))],
      children,
      runSeq: this.#log.seq,
    });
    const until = isTimed ? ` until ${new Date(untilMs).toISOString()}` : '';
    this.#about.tell('info', `It waits${until}, and holds no slot.`);
    return { kind: 'snoozed', snooze };
  }

  /** Until a step has ended, it is to stop, or the time is over. */
  async #pause(ms: number): Promise<void> {
    let timer: Timer | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (Number.isFinite(ms)) timer = this.#deps.clock.setTimer(resolve, Math.max(1, ms));
      if (this.#results.length > 0 || this.#broken !== undefined) resolve();
    });
    timer?.cancel();
  }

  /** The facts of a run do not go back in time, whoever's clock they were told by. */
  #now(): number {
    this.#lastMs = Math.max(this.#lastMs, this.#deps.clock.now());
    return this.#lastMs;
  }
}

function isAwaitedChild({ call }: Command): boolean {
  return (call.kind === 'task' || call.kind === 'workflow') && call.isAwaited;
}

function factOfResult({ command: { step }, result }: Result, atMs: number): HistoryEvent {
  if ('output' in result) return { type: 'StepFinished', step, output: result.output, atMs };
  return { type: 'StepFailed', step, error: result.error, atMs };
}

/** Of what was asked for, without what may be a secret. */
function wordsOf({ call, isRepeated }: Command): string {
  const again = isRepeated ? ' (again)' : '';
  switch (call.kind) {
    case 'http':
      return `${call.method} ${call.uri.split(/[?#]/, 1)[0]}${again}`;
    case 'task':
      return `task ${call.task}${again}`;
    case 'workflow':
      return `workflow ${call.namespace}/${call.name}:${call.version}${again}`;
    default:
      return `${call.kind}${again}`;
  }
}

/** A fault is recorded, and stands: another attempt would only find it again. */
function endOf(done: Done): RunEnd {
  if (done.outcome === 'completed') {
    const { output } = done;
    if (Buffer.byteLength(JSON.stringify(output)) <= LIMITS.outputBytes)
      return { kind: 'completed', output };
    const message = `The output of the workflow has more than ${LIMITS.outputBytes} bytes.`;
    return { kind: 'failed', failure: { code: 'OUTPUT_TOO_LARGE', message, final: true } };
  }
  const { type, title = '', detail = '', instance } = done.error;
  const kind = /\/errors\/([a-z]+)$/.exec(type)?.[1]?.toUpperCase() ?? 'ERROR';
  const message = `${[title, detail].filter((one) => one !== '').join(': ')} (at ${instance || '/'})`;
  return { kind: 'failed', failure: { code: `WORKFLOW_${kind}`, message, final: true } };
}
