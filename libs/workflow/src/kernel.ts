/**
 * Runs routines side by side, one fact at a time.
 *
 * A routine is a generator that yields what it waits for. The kernel parks it, and a fact of the
 * history wakes whoever waits for it; then everything that can go on goes on, first come first
 * served, until all are parked again. There is no clock and no other order: the same facts in the
 * same order lead to the same parked routines on every machine.
 */
import { Fault, standardError } from './fault.js';
import type { CloudEvent, HistoryEvent, TimerPurpose } from './history.js';
import { WORKFLOW_LIMITS } from './limits.js';
import type { Mode, Request, Routine, Subscription, Timer } from './routine.js';
import { type StepId, stepKey } from './step-id.js';

type Outcome = { readonly value: unknown } | { readonly error: unknown };

interface Thread {
  readonly routine: Routine;
  readonly group: Group | undefined;
  readonly index: number;
  children: Group | undefined;
  /** Takes it out of what it waits for. */
  unpark: (() => void) | undefined;
  isOver: boolean;
}

interface Group {
  readonly mode: Mode;
  readonly parent: Thread;
  readonly threads: Thread[];
  readonly results: unknown[];
  open: number;
  isOver: boolean;
}

export interface ParkedStep {
  readonly thread: Thread;
  readonly request: Request & { kind: 'step' };
  startedAtMs: number | undefined;
}

interface ParkedTimer {
  readonly thread: Thread;
  readonly timer: Timer;
}

const timerKey = (step: StepId, purpose: TimerPurpose) => `${purpose} ${stepKey(step)}`;

export class Kernel {
  readonly steps = new Map<string, ParkedStep>();
  readonly subscriptions = new Map<Subscription, Thread | undefined>();
  readonly #timers = new Map<string, ParkedTimer>();
  readonly #ready: { thread: Thread; outcome: Outcome }[] = [];
  /** How the first routine ended. */
  outcome: Outcome | undefined;
  /** The instant of the latest fact: what a run takes for now. */
  nowMs: number;
  /** Facts that nobody waited for: late, or of another definition. */
  strays = 0;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  start(routine: Routine): void {
    this.#spawn(routine, undefined, 0);
    this.#drain();
  }

  apply(event: HistoryEvent): void {
    this.nowMs = Math.max(this.nowMs, event.atMs);
    if (!this.#wake(event)) this.strays++;
    this.#drain();
  }

  /** Those whose steps started count from there. */
  *timers(): Iterable<Timer> {
    for (const { timer } of this.#timers.values()) yield timer;
    for (const { request, startedAtMs } of this.steps.values())
      if (request.timeoutMs !== undefined && startedAtMs !== undefined)
        yield { step: request.step, purpose: 'timeout', dueAtMs: startedAtMs + request.timeoutMs };
  }

  subscribe(subscription: Subscription): void {
    this.subscriptions.set(subscription, undefined);
  }

  unsubscribe(subscription: Subscription): void {
    this.subscriptions.delete(subscription);
  }

  /** Whether somebody waits for it. */
  fits(event: HistoryEvent): boolean {
    if (event.type === 'EventReceived')
      return [...this.subscriptions.keys()].some(({ accepts }) => accepts(event.event));
    const key = stepKey(event.step);
    if (this.steps.has(key)) return true;
    for (const { timer } of this.#timers.values()) if (stepKey(timer.step) === key) return true;
    for (const one of this.subscriptions.keys()) if (stepKey(one.step) === key) return true;
    return false;
  }

  /** False: nobody waited for it. */
  #wake(event: HistoryEvent): boolean {
    switch (event.type) {
      case 'StepStarted': {
        const parked = this.steps.get(stepKey(event.step));
        if (parked) parked.startedAtMs = event.atMs;
        return parked !== undefined;
      }
      case 'StepFinished':
        return this.#endStep(event.step, { value: event.output });
      case 'StepFailed':
        return this.#endStep(event.step, {
          error: new Fault({ ...event.error, instance: event.step.path }),
        });
      case 'WaitStarted':
      case 'ListenStarted':
        return true;
      case 'TimerFired':
        return this.#fire(event.step, event.purpose);
      case 'EventReceived':
        return this.#receive(event.event);
    }
  }

  #endStep(step: StepId, outcome: Outcome): boolean {
    const parked = this.steps.get(stepKey(step));
    if (!parked) return false;
    this.steps.delete(stepKey(step));
    this.#ready.push({ thread: parked.thread, outcome });
    return true;
  }

  #fire(step: StepId, purpose: TimerPurpose): boolean {
    const key = timerKey(step, purpose);
    const parked = this.#timers.get(key);
    if (parked) {
      this.#timers.delete(key);
      this.#ready.push({ thread: parked.thread, outcome: { value: undefined } });
      return true;
    }
    return purpose === 'timeout' && this.#endStep(step, { error: timedOut(step) });
  }

  #receive(event: CloudEvent): boolean {
    let isTaken = false;
    for (const [subscription, thread] of this.subscriptions) {
      if (!subscription.accepts(event)) continue;
      isTaken = true;
      if (thread) {
        this.subscriptions.set(subscription, undefined);
        this.#ready.push({ thread, outcome: { value: event } });
      } else if (subscription.queue.length < WORKFLOW_LIMITS.queuedEvents)
        subscription.queue.push(event);
    }
    return isTaken;
  }

  #spawn(routine: Routine, group: Group | undefined, index: number): Thread {
    const thread: Thread = {
      routine,
      group,
      index,
      children: undefined,
      unpark: undefined,
      isOver: false,
    };
    this.#ready.push({ thread, outcome: { value: undefined } });
    return thread;
  }

  #drain(): void {
    for (let next = this.#ready.shift(); next; next = this.#ready.shift())
      if (!next.thread.isOver) this.#resume(next.thread, next.outcome);
  }

  #resume(thread: Thread, outcome: Outcome): void {
    let result: IteratorResult<Request, unknown>;
    try {
      result =
        'error' in outcome
          ? thread.routine.throw(outcome.error)
          : thread.routine.next(outcome.value);
    } catch (error) {
      this.#settle(thread, { error });
      return;
    }
    if (result.done) this.#settle(thread, { value: result.value });
    else this.#park(thread, result.value);
  }

  #park(thread: Thread, request: Request): void {
    switch (request.kind) {
      case 'step':
        this.#keep(this.steps, stepKey(request.step), {
          thread,
          request,
          startedAtMs: undefined,
        });
        return;
      case 'timer': {
        const { timer } = request;
        this.#keep(this.#timers, timerKey(timer.step, timer.purpose), { thread, timer });
        return;
      }
      case 'event': {
        const event = request.subscription.queue.shift();
        if (event) this.#ready.push({ thread, outcome: { value: event } });
        else this.subscriptions.set(request.subscription, thread);
        return;
      }
      case 'nothing':
        return;
      case 'together':
        this.#gather(thread, request);
    }
  }

  #keep<Parked extends { thread: Thread }>(map: Map<string, Parked>, key: string, parked: Parked) {
    map.set(key, parked);
    parked.thread.unpark = () => {
      if (map.get(key) === parked) map.delete(key);
    };
  }

  #gather(parent: Thread, { mode, routines }: Request & { kind: 'together' }): void {
    const group: Group = {
      mode,
      parent,
      threads: [],
      results: [],
      open: routines.length,
      isOver: false,
    };
    parent.children = group;
    routines.forEach((one, index) => {
      group.threads.push(this.#spawn(one, group, index));
    });
    if (group.open === 0) this.#close(group, { value: [] });
  }

  #settle(thread: Thread, outcome: Outcome): void {
    thread.isOver = true;
    const group = thread.group;
    if (!group) {
      this.outcome = outcome;
      return;
    }
    group.open--;
    const isFault = 'error' in outcome && outcome.error instanceof Fault;
    if ('error' in outcome && (!isFault || group.mode !== 'first-done' || group.open === 0))
      this.#close(group, outcome);
    else if ('value' in outcome && group.mode !== 'all')
      this.#close(group, { value: { index: thread.index, value: outcome.value } });
    else if ('value' in outcome) {
      group.results[thread.index] = outcome.value;
      if (group.open === 0) this.#close(group, { value: group.results });
    }
  }

  #close(group: Group, outcome: Outcome): void {
    group.isOver = true;
    for (const thread of group.threads) this.#cancel(thread);
    group.parent.children = undefined;
    this.#ready.push({ thread: group.parent, outcome });
  }

  #cancel(thread: Thread): void {
    if (thread.isOver) return;
    thread.isOver = true;
    for (const child of thread.children?.threads ?? []) this.#cancel(child);
    thread.unpark?.();
    // Runs what its `finally` says, such as giving up a subscription.
    thread.routine.return(undefined);
  }
}

function timedOut(step: StepId): Fault {
  return new Fault(standardError('timeout', step.path, { title: 'The task took too long' }));
}
