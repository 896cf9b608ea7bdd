/**
 * What a run waited for, from its effective instant (or its request, when nobody named one) to its end:
 * every millisecond belongs to one cause, so that the parts sum to the total.
 *
 * Whose clock counts: that of the shard's owner, for all that it decided. A worker's clock counts for
 * what lies between its own start and end. Where its instants can not be true by the owner's clock
 * (begun before it was given, or ended after its end was stored) both are moved by the same, as little
 * as it takes: its duration stays, and what the clocks differ by goes to the start of the worker.
 */
import { type DispatchEvent, dispatch as d } from '#libs/contracts';

export const WAIT_CAUSES = [
  /** From the effective instant until the owner of the shard had it in the queue. */
  'planner',
  /** In the queue, for a slot or its turn. */
  'queue',
  /** In the queue, while one of its limits was full. */
  'limit',
  /** After an attempt, until it was in the queue again. */
  'retry',
  /** From the release to the first line of the job's code. */
  'workerStart',
  'userCode',
] as const;

export type WaitCause = (typeof WAIT_CAUSES)[number];
/** Whole milliseconds. */
export type Waits = Readonly<Record<WaitCause, number>>;

export const NO_WAITS: Waits = {
  planner: 0,
  queue: 0,
  limit: 0,
  retry: 0,
  workerStart: 0,
  userCode: 0,
};

/** How far a run's time is counted, and where the run stands. */
export interface Counted {
  readonly stage: 'waiting' | 'offered' | 'running';
  /** All before this is counted. */
  readonly untilMs: number;
  /** Since when it stands in the queue; undefined: it does not. */
  readonly queuedAtMs: number | undefined;
  /** It was given to a worker before. */
  readonly wasReleased: boolean;
  /** Of the attempt that is running, by its worker's clock. */
  readonly startedAtMs: number | undefined;
}

/** What an event adds: to the run and, from its release on, to the attempt. */
export interface Added {
  readonly counted: Counted;
  readonly waits: Waits;
}

export function totalOf(waits: Waits): number {
  return WAIT_CAUSES.reduce((sum, cause) => sum + waits[cause], 0);
}

export function plus(one: Waits, other: Waits): Waits {
  return {
    planner: one.planner + other.planner,
    queue: one.queue + other.queue,
    limit: one.limit + other.limit,
    retry: one.retry + other.retry,
    workerStart: one.workerStart + other.workerStart,
    userCode: one.userCode + other.userCode,
  };
}

/** Where the count of a run begins. */
export function countFrom({ effectiveAtMs, requestedAtMs }: d.ExecutionRequested): Added {
  const fromMs = effectiveAtMs > 0 ? effectiveAtMs : requestedAtMs;
  const isDue = fromMs <= requestedAtMs;
  return {
    counted: {
      stage: 'waiting',
      untilMs: Math.max(fromMs, requestedAtMs),
      queuedAtMs: isDue ? requestedAtMs : undefined,
      wasReleased: false,
      startedAtMs: undefined,
    },
    waits: { ...NO_WAITS, planner: Math.max(0, requestedAtMs - fromMs) },
  };
}

/** Counts on. `atMs` is when the event was decided, by the clock of the shard's owner. */
export function countOn(counted: Counted, event: DispatchEvent, atMs: number): Added {
  switch (event.$typeName) {
    case 'dispatch.v1.AttemptReleased':
      return released(counted, event);
    case 'dispatch.v1.AttemptAccepted':
      return nothing({ ...counted, stage: 'running', startedAtMs: event.startedAtMs });
    case 'dispatch.v1.AttemptClosed':
      return closed(counted, event, atMs);
    case 'dispatch.v1.AttemptLost':
      return lost(counted, event);
    case 'dispatch.v1.RetryPlanned':
      return nothing({ ...counted, stage: 'waiting', queuedAtMs: undefined });
    case 'dispatch.v1.ExecutionQueued':
      return nothing({ ...counted, stage: 'waiting', queuedAtMs: event.queuedAtMs });
    case 'dispatch.v1.ExecutionFinished':
      return ended(counted, event.endedAtMs);
    case 'dispatch.v1.ExecutionSkipped':
      return ended(counted, event.skippedAtMs);
    default:
      return nothing(counted);
  }
}

function nothing(counted: Counted): Added {
  return { counted, waits: NO_WAITS };
}

/** What comes before the queue. */
function beforeQueue({ wasReleased }: Counted): 'planner' | 'retry' {
  return wasReleased ? 'retry' : 'planner';
}

function released(counted: Counted, event: d.AttemptReleased): Added {
  const untilMs = Math.max(counted.untilMs, event.releasedAtMs);
  const allMs = untilMs - counted.untilMs;
  const limit = within(event.limitMs, 0, allMs);
  const queue = within(event.queueMs, 0, allMs - limit);
  return {
    counted: {
      stage: 'offered',
      untilMs,
      queuedAtMs: undefined,
      wasReleased: true,
      startedAtMs: undefined,
    },
    waits: { ...NO_WAITS, limit, queue, [beforeQueue(counted)]: allMs - limit - queue },
  };
}

/** The end of the attempt, of which its worker tells more. */
function closed(counted: Counted, { endedAtMs, usage }: d.AttemptClosed, atMs: number): Added {
  const fromMs = counted.untilMs;
  const closedAtMs = Math.max(fromMs, atMs);
  const { startedAtMs = endedAtMs } = counted;
  const movedMs = clockError({ startedAtMs, endedAtMs }, { fromMs, closedAtMs });
  const beganMs = within(startedAtMs + movedMs, fromMs, closedAtMs);
  const untilMs = within(endedAtMs + movedMs, beganMs, closedAtMs);
  const ranMs = untilMs - beganMs;
  const userCode = ranMs - within(Math.round(usage?.processStartMs ?? 0), 0, ranMs);
  return {
    counted: { ...counted, stage: 'running', untilMs, startedAtMs: undefined },
    waits: { ...NO_WAITS, userCode, workerStart: untilMs - fromMs - userCode },
  };
}

/** By how much a worker's instants are moved to fit between release and end. */
function clockError(
  { startedAtMs, endedAtMs }: { readonly startedAtMs: number; readonly endedAtMs: number },
  { fromMs, closedAtMs }: { readonly fromMs: number; readonly closedAtMs: number },
): number {
  if (startedAtMs < fromMs) return fromMs - startedAtMs;
  return endedAtMs > closedAtMs ? closedAtMs - endedAtMs : 0;
}

/** Nobody told its end: what was running is taken to have run until it was given up. */
function lost(counted: Counted, { cause, lostAtMs }: d.AttemptLost): Added {
  const fromMs = counted.untilMs;
  const untilMs = Math.max(fromMs, lostAtMs);
  const { stage, startedAtMs = fromMs } = counted;
  const beganMs = stage === 'running' ? within(startedAtMs, fromMs, untilMs) : untilMs;
  const isQueued = cause === d.LossCause.UNCLAIMED || cause === d.LossCause.DECLINED;
  return {
    counted: {
      stage: isQueued ? 'waiting' : 'offered',
      untilMs,
      queuedAtMs: isQueued ? untilMs : undefined,
      wasReleased: true,
      startedAtMs: undefined,
    },
    waits: { ...NO_WAITS, workerStart: beganMs - fromMs, userCode: untilMs - beganMs },
  };
}

/** What of its wait a limit was full is only told by a release: without one it is the queue's. */
function ended(counted: Counted, endedAtMs: number): Added {
  const { stage, untilMs: fromMs } = counted;
  // It ended with its attempt, which is counted.
  if (stage === 'running') return nothing(counted);
  const untilMs = Math.max(fromMs, endedAtMs);
  if (stage === 'offered')
    return {
      counted: { ...counted, untilMs },
      waits: { ...NO_WAITS, workerStart: untilMs - fromMs },
    };
  const queuedAtMs = within(counted.queuedAtMs ?? untilMs, fromMs, untilMs);
  return {
    counted: { ...counted, untilMs, queuedAtMs: undefined },
    waits: {
      ...NO_WAITS,
      [beforeQueue(counted)]: queuedAtMs - fromMs,
      queue: untilMs - queuedAtMs,
    },
  };
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** The waits of one execution, from its events in order, each with when it was decided. */
export function waitsOf(
  events: Iterable<{ readonly event: DispatchEvent; readonly atMs: number }>,
): Waits | undefined {
  let counted: Counted | undefined;
  let waits = NO_WAITS;
  for (const { event, atMs } of events) {
    const isRequest = event.$typeName === 'dispatch.v1.ExecutionRequested';
    let added: Added;
    if (counted === undefined) {
      if (!isRequest) continue;
      added = countFrom(event);
    } else {
      added = countOn(counted, event, atMs);
    }
    counted = added.counted;
    waits = plus(waits, added.waits);
  }
  return counted === undefined ? undefined : waits;
}
