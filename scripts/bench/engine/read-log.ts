import { SystemClock } from '#libs/clock';
import { type DomainEvent, decodeCommit } from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import type { Services } from '#libs/rig';

/** A journal that has not grown for this long is looked at. */
const STILL_MS = 400;
const FINISHED_WITHIN_MS = 300_000;

const clock = new SystemClock();

/** Where the streams stand, to read what comes after. */
export interface Mark {
  readonly dispatch: number;
  readonly attempts: number;
  readonly logs: number;
}

export interface Lived {
  /** By execution; epoch ms, as the worker told. */
  readonly startedMs: ReadonlyMap<string, number>;
  readonly requestedMs: ReadonlyMap<string, number>;
  /** When the last end was stored. */
  readonly finishedMs: number;
  /** And where in DISPATCH. */
  readonly finishedSeq: number;
  readonly events: number;
  readonly commits: number;
  /** Attempts under way at the same time, by what the workers told. */
  readonly mostAtOnce: number;
}

export async function markOf({ log }: Services): Promise<Mark> {
  const [dispatch, attempts, logs] = await Promise.all([
    log.lastSeq('DISPATCH'),
    log.lastSeq('ATTEMPTS'),
    log.lastSeq('LOGS'),
  ]);
  return { dispatch, attempts, logs };
}

/** Until all of them are finished. The log is only read while it is still: reading costs cores. */
export async function untilFinished(
  services: Services,
  mark: Mark,
  wanted: ReadonlySet<string>,
): Promise<Lived> {
  const untilMs = clock.monotonic() + FINISHED_WITHIN_MS;
  let lastSeq = -1;
  for (;;) {
    const nowAt = await services.log.lastSeq('DISPATCH');
    if (nowAt === lastSeq) {
      const { lived, left } = await lifeSince(services, mark, wanted);
      if (left === 0) return lived;
      if (clock.monotonic() > untilMs) throw new Error(`${left} runs are not finished`);
    }
    lastSeq = nowAt;
    await clock.sleep(STILL_MS);
  }
}

async function lifeSince(services: Services, mark: Mark, wanted: ReadonlySet<string>) {
  const startedMs = new Map<string, number>();
  const requestedMs = new Map<string, number>();
  let finishedMs = 0;
  let finishedSeq = 0;
  let events = 0;
  let commits = 0;
  const spans: (readonly [number, 1 | -1])[] = [];
  const left = new Set(wanted);
  const look = (event: DomainEvent, { storedAtMs, seq }: StoredCommit) => {
    events += 1;
    if (event.$typeName === 'dispatch.v1.ExecutionRequested')
      requestedMs.set(event.executionId, event.requestedAtMs);
    if (event.$typeName === 'attempt.v1.AttemptStarted' && !startedMs.has(event.executionId))
      startedMs.set(event.executionId, event.startedAtMs);
    if (event.$typeName === 'attempt.v1.AttemptStarted') spans.push([event.startedAtMs, 1]);
    if (event.$typeName === 'attempt.v1.AttemptEnded') spans.push([event.endedAtMs, -1]);
    if (event.$typeName !== 'dispatch.v1.ExecutionFinished') return;
    if (!left.delete(event.executionId)) return;
    finishedMs = storedAtMs;
    finishedSeq = seq;
  };
  for (const [stream, from] of [
    ['DISPATCH', mark.dispatch],
    ['ATTEMPTS', mark.attempts],
    ['LOGS', mark.logs],
  ] as const)
    for await (const stored of services.log.read({ stream, fromSeq: from + 1 })) {
      commits += 1;
      for (const { event } of decodeCommit(stored.bytes).events) look(event, stored);
    }
  return {
    lived: {
      startedMs,
      requestedMs,
      finishedMs,
      finishedSeq,
      events,
      commits,
      mostAtOnce: mostAtOnce(spans),
    },
    left: left.size,
  };
}

function mostAtOnce(spans: (readonly [number, 1 | -1])[]): number {
  let now = 0;
  let most = 0;
  for (const [, change] of spans.sort(([one, a], [other, b]) => one - other || a - b)) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}
