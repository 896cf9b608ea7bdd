import type { Clock, Timer } from '#libs/clock';
import type { Job, Measured, StopCause, ToChild } from './child/protocol.js';
import type { ChildExit, ChildListener, ChildMessage } from './children/attempt-process.js';

/** How a job on a child came to its end. */
export type JobEnd =
  | { readonly kind: 'ended'; readonly message: Extract<ChildMessage, { type: 'end' }> }
  /** Stopped from outside; the whole tree is gone. */
  | { readonly kind: 'stopped'; readonly cause: StopCause; readonly measured: Measured | undefined }
  /** The process ended without a word. */
  | { readonly kind: 'crashed'; readonly exit: ChildExit }
  /** What it said was no message. */
  | { readonly kind: 'garbled' };

/** A place for one job: a child process of its own, or one among others on a child that serves many. */
export interface Seat {
  readonly exit: ChildExit | undefined;
  hold(listener: ChildListener | undefined): void;
  send(message: ToChild): void;
  /** Ends the job, and nothing of it is left. */
  endTree(options: { readonly graceMs: number; readonly cause?: StopCause }): Promise<unknown>;
}

export interface ConductOptions {
  readonly child: Seat;
  readonly job: Job;
  readonly clock: Clock;
  /** 0: none. */
  readonly timeoutMs: number;
  readonly stopGraceMs: number;
  readonly onMessage: (message: Exclude<ChildMessage, { type: 'end' }>) => void;
  readonly onPrinted: (line: string) => void;
}

export interface Conducted {
  /** The first cause counts; to be terminated takes away the grace that it gave. */
  stop(cause: StopCause): void;
  readonly end: Promise<JobEnd>;
}

let jobs = 0;

/**
 * Gives the job to the child and sees it to its end. The time-out counts on the monotonic clock,
 * from now. A stopped job has the grace to tell what it has, unless it is terminated; then its tree is
 * killed.
 */
export function conductJob(options: ConductOptions): Conducted {
  const { child, clock } = options;
  jobs += 1;
  const id = jobs;
  const end = Promise.withResolvers<JobEnd>();
  let timer: Timer | undefined;
  let cause: StopCause | undefined;
  let measured: Measured | undefined;
  // The child may serve somebody else by the time a late stop comes.
  let over = false;

  const finish = (how: JobEnd) => {
    over = true;
    timer?.cancel();
    child.hold(undefined);
    end.resolve(how);
  };
  const stop = (why: StopCause) => {
    if (over) return;
    if (cause !== undefined) {
      // Who waits out the grace finds it gone.
      if (why === 'terminated') child.endTree({ graceMs: 0 }).catch(end.reject);
      return;
    }
    cause = why;
    timer?.cancel();
    child
      .endTree({ graceMs: why === 'terminated' ? 0 : options.stopGraceMs, cause: why })
      .then(() => finish({ kind: 'stopped', cause: why, measured }), end.reject);
  };

  child.hold({
    onMessage: (message) => {
      if (message.id !== id) return;
      if (message.type !== 'end') options.onMessage(message);
      else {
        measured = message.measured;
        // What a stopped job ends with says nothing: the cause of the stop does.
        if (cause === undefined) finish({ kind: 'ended', message });
      }
    },
    onPrinted: options.onPrinted,
    onGarbled: () => {
      if (cause === undefined) finish({ kind: 'garbled' });
    },
    onExit: (exit) => {
      if (cause === undefined) finish({ kind: 'crashed', exit });
    },
  });
  if (child.exit !== undefined) finish({ kind: 'crashed', exit: child.exit });
  else {
    if (options.timeoutMs > 0) timer = clock.setTimer(() => stop('timed-out'), options.timeoutMs);
    child.send({ type: 'start', id, job: options.job });
  }
  return { stop, end: end.promise };
}
