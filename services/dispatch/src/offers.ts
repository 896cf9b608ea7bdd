import { createInbox, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import type { Clock } from '#libs/clock';
import {
  attempt as a,
  create,
  dispatch as d,
  subjects,
  toBinary,
  worker as w,
} from '#libs/contracts';
import type { DecidedEvent, DispatchState, Execution } from '#libs/domain';
import type { EventLog } from '#libs/event-log';

/** Attempts of one worker that travel together, and the size of what they carry. */
const ATTEMPTS_PER_OFFER = 64;
const BYTES_PER_OFFER = 400_000;
/** Of an attempt besides its parameters. */
const ATTEMPT_BYTES = 400;
/** What a worker does not list so long after it was sent is sent again, so often; then it is given to another. */
const SEND_AGAIN_MS = 1_000;
const SENDS_MAX = 3;
/** What a worker had begun and does not list for so long, it has no more. */
const FORGOTTEN_AFTER_MS = 3_000;
/** Offers of which it is remembered who they went to, should nobody be there. */
const SENT_REMEMBERED = 4_096;
const NO_RESPONDERS = 503;

export interface OffersDeps {
  readonly nc: NatsConnection;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly shard: number;
  /** Nobody listens where the worker was. */
  readonly onMissed: (workerId: string) => void;
  /** There is something to decide upon. */
  readonly onStray: () => void;
  readonly onError: (error: unknown) => void;
}

interface Sent {
  atMs: number;
  times: number;
}

/**
 * Gives attempts to their workers once the commit that says so is stored. An offer is a signal and may
 * get lost. What a worker does not list in its heartbeats is sent again, as it was; and when it never
 * comes to list it, or nobody was there, the journal is told and gives the attempt to another.
 */
export class Offers {
  readonly #deps: OffersDeps;
  /** By fence. */
  readonly #sent = new Map<number, Sent>();
  /** Since when their workers do not list what they had begun; by fence. */
  readonly #missing = new Map<number, number>();
  /** The first time that they were sent, by the number of the message. */
  readonly #messages = new Map<
    string,
    { workerId: string; attempts: readonly a.OfferedAttempt[] }
  >();
  #stray: d.UnclaimedOffer[] = [];
  #inbox = '';
  #replies: Subscription | undefined;
  #message = 0;
  #term = 0;
  #isCurrent = false;

  constructor(deps: OffersDeps) {
    this.#deps = deps;
  }

  /** At the beginning of a term. What is open is sent again only when the facts that there are were read. */
  begin(term: number): void {
    this.#term = term;
    this.#isCurrent = false;
    this.#sent.clear();
    this.#missing.clear();
    this.#messages.clear();
    this.#stray = [];
    this.#inbox = createInbox();
    this.#replies = this.#deps.nc.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null && message.headers?.code === NO_RESPONDERS)
          this.#nobodyThere(message.subject.slice(this.#inbox.length + 1));
      },
    });
  }

  end(): void {
    this.#replies?.unsubscribe();
  }

  /** Every fact that stood in the log when the term began has been decided upon. */
  becameCurrent(): void {
    this.#isCurrent = true;
  }

  /** What is known by now to have gone astray; an input of the next decision. */
  takeStray(): d.UnclaimedOffer[] {
    return this.#stray.splice(0);
  }

  afterCommit(state: DispatchState, events: readonly DecidedEvent[]): void {
    const released = new Map<string, Execution[]>();
    for (const { event } of events) {
      if (event.$typeName === 'dispatch.v1.AttemptReleased') {
        const execution = state.executions.get(event.executionId);
        if (execution?.phase !== 'offered' || execution.fence !== event.fence) continue;
        const ofWorker = released.get(event.workerId);
        if (ofWorker === undefined) released.set(event.workerId, [execution]);
        else ofWorker.push(execution);
      } else if (
        event.$typeName === 'dispatch.v1.AttemptAccepted' ||
        event.$typeName === 'dispatch.v1.AttemptLost'
      )
        this.#sent.delete(event.fence);
      if (
        event.$typeName === 'dispatch.v1.AttemptClosed' ||
        event.$typeName === 'dispatch.v1.AttemptLost'
      )
        this.#missing.delete(event.fence);
    }
    for (const [workerId, executions] of released) this.#send(workerId, executions);
  }

  /** What the worker should have and does not list. */
  onHeartbeat(state: DispatchState, { workerId, running }: w.Heartbeat): void {
    if (!this.#isCurrent) return;
    const { shard, clock } = this.#deps;
    const nowMs = clock.monotonic();
    const listed = new Set(running.filter((one) => one.shard === shard).map(({ fence }) => fence));
    const again: Execution[] = [];
    for (const id of state.fleet.heldBy(workerId)) {
      const execution = state.executions.get(id);
      if (execution === undefined) continue;
      if (execution.phase === 'running') this.#lookFor(state, execution, listed, nowMs);
      if (execution.phase !== 'offered' || execution.cancelledAtMs > 0) continue;
      const sent = this.#sent.get(execution.fence);
      if (sent !== undefined && nowMs - sent.atMs < SEND_AGAIN_MS) continue;
      if (listed.has(execution.fence)) continue;
      if (sent === undefined || sent.times < SENDS_MAX) again.push(execution);
      else void this.#confirm(state, execution);
    }
    if (again.length > 0) this.#send(workerId, again);
  }

  /** A worker lists what it has begun until the end of it is stored. */
  #lookFor(
    state: DispatchState,
    execution: Execution,
    listed: ReadonlySet<number>,
    nowMs: number,
  ): void {
    const { fence } = execution;
    if (listed.has(fence)) {
      this.#missing.delete(fence);
      return;
    }
    const sinceMs = this.#missing.get(fence) ?? nowMs;
    this.#missing.set(fence, sinceMs);
    if (nowMs - sinceMs >= FORGOTTEN_AFTER_MS) void this.#confirm(state, execution);
  }

  /** It may have begun and ended, and the facts of it be on their way to here. */
  async #confirm(state: DispatchState, { id, fence, phase }: Execution): Promise<void> {
    const { log, shard, onError } = this.#deps;
    const begun = phase === 'running';
    try {
      const last = await log.last('ATTEMPTS', subjects.attempt(shard));
      if (state.attempts.seq >= (last?.seq ?? 0)) this.#astray(id, fence, begun);
    } catch (error) {
      onError(error);
    }
  }

  /** It was never delivered, so nothing of it can have begun; unless an earlier sending was. */
  #nobodyThere(message: string): void {
    const sent = this.#messages.get(message);
    if (sent === undefined) return;
    this.#deps.onMissed(sent.workerId);
    for (const { executionId, fence } of sent.attempts)
      if (this.#sent.get(fence)?.times === 1) this.#astray(executionId, fence, false);
  }

  #astray(executionId: string, fence: number, begun: boolean): void {
    this.#stray.push(create(d.UnclaimedOfferSchema, { executionId, fence, begun }));
    this.#deps.onStray();
  }

  #send(workerId: string, executions: readonly Execution[]): void {
    let attempts: a.OfferedAttempt[] = [];
    let bytes = 0;
    for (const execution of executions) {
      const weight = ATTEMPT_BYTES + execution.spec.parametersJson.length + endsBytes(execution);
      if (attempts.length === ATTEMPTS_PER_OFFER || bytes + weight > BYTES_PER_OFFER) {
        this.#publish(workerId, attempts);
        attempts = [];
        bytes = 0;
      }
      attempts.push(offered(execution));
      bytes += weight;
    }
    this.#publish(workerId, attempts);
  }

  #publish(workerId: string, attempts: readonly a.OfferedAttempt[]): void {
    const { nc, clock, shard } = this.#deps;
    if (attempts.length === 0 || nc.isClosed()) return;
    const atMs = clock.monotonic();
    for (const { fence } of attempts) {
      const sent = this.#sent.get(fence);
      if (sent === undefined) this.#sent.set(fence, { atMs, times: 1 });
      else Object.assign(sent, { atMs, times: sent.times + 1 });
    }
    this.#message += 1;
    const message = String(this.#message);
    this.#messages.set(message, { workerId, attempts });
    if (this.#messages.size > SENT_REMEMBERED)
      for (const oldest of this.#messages.keys()) {
        this.#messages.delete(oldest);
        break;
      }
    const offer: a.Offer = {
      $typeName: 'attempt.v1.Offer',
      shard,
      attempts: [...attempts],
      term: this.#term,
      sentAtMs: clock.now(),
    };
    nc.publish(subjects.offer(workerId), toBinary(a.OfferSchema, offer), {
      reply: `${this.#inbox}.${message}`,
    });
  }
}

function offered(execution: Execution) {
  const { id, account, attempt, fence, spec, nominalAtMs, slot, run, origin } = execution;
  const { target, settings } = spec;
  const made: a.OfferedAttempt = {
    $typeName: 'attempt.v1.OfferedAttempt',
    executionId: id,
    attempt,
    fence,
    account,
    taskId: spec.taskId,
    type: spec.type,
    ...(target === undefined ? {} : { target }),
    parametersJson: spec.parametersJson,
    timeoutMs: settings?.timeoutMs ?? 0,
    stopGraceMs: settings?.stopGraceMs ?? 0,
    ...(settings?.limits && { limits: settings.limits }),
    automationSeq: spec.automationSeq,
    nominalAtMs,
    slotLocal: slot?.local ?? '',
    slotZone: slot?.zone ?? '',
    pool: spec.pool,
    childEnds: run === undefined ? [] : run.ends.slice(0, run.offered),
    previousSuccessMs: execution.previousSuccessMs,
    resumed: run?.resumed ?? false,
    ...(origin && { origin }),
  };
  return made;
}

function endsBytes({ run }: Execution): number {
  if (run === undefined) return 0;
  return run.ends
    .slice(0, run.offered)
    .reduce(
      (sum, { outputJson, errorMessage }) => sum + outputJson.length + errorMessage.length,
      0,
    );
}
