import { Pace, type Timer } from '#libs/clock';
import { type AttemptFact, type attempt as a, encodeCommit, subjects } from '#libs/contracts';
import { LIMITS } from '../limits.js';
import { type StoreDeps, untilStored } from './until-stored.js';
import { workerActor } from './worker-actor.js';

interface Start {
  state: 'waiting' | 'sent' | 'stored';
}

interface Waiting {
  readonly fact: AttemptFact;
  readonly bytes: number;
  /** Of an end: its start, while that is not stored. */
  readonly start: Start | undefined;
  readonly told: () => void;
  readonly failed: (error: unknown) => void;
}

interface ShardQueue {
  waiting: Waiting[];
  inFlight: number;
  readonly pace: Pace;
  /** When the next commit is cut, and by what. */
  planned?: { readonly atMs: number; readonly timer: Timer } | undefined;
}

/**
 * Tells starts and ends of attempts. Those of one shard that come while others are being stored go out
 * together as one commit, so a thousand a second cost a few fsyncs; a start waits a moment, for the end
 * of a short job goes with it. Several commits may be under way, and one that has to be sent again may be
 * overtaken: so an end goes with its start, or after that is stored.
 */
export class FactTeller {
  readonly #deps: StoreDeps & { readonly workerId: string };
  readonly #shards = new Map<number, ShardQueue>();
  /** Starts that are not stored yet, by shard and fence. */
  readonly #starts = new Map<string, Start>();
  #commits = 0;

  constructor(deps: StoreDeps & { readonly workerId: string }) {
    this.#deps = deps;
  }

  /** Resolves when it is stored; nobody has to wait for that. */
  tellStart(shard: number, fact: a.AttemptStarted): Promise<void> {
    const key = `${shard} ${fact.fence}`;
    const start: Start = { state: 'waiting' };
    this.#starts.set(key, start);
    return this.#add(shard, fact, undefined).finally(() => {
      start.state = 'stored';
      this.#starts.delete(key);
    });
  }

  /** Resolves when the end is stored. A slot is given free only then, so the queue is bounded by them. */
  tellEnd(shard: number, fact: a.AttemptEnded): Promise<void> {
    return this.#add(shard, fact, this.#starts.get(`${shard} ${fact.fence}`));
  }

  #add(shard: number, fact: AttemptFact, start: Start | undefined): Promise<void> {
    let queue = this.#shards.get(shard);
    if (queue === undefined) {
      queue = { waiting: [], inFlight: 0, pace: new Pace(LIMITS.factsPace) };
      this.#shards.set(shard, queue);
    }
    return new Promise((told, failed) => {
      queue.waiting.push({ fact, bytes: sizeOf(fact), start, told, failed });
      this.#plan(shard, queue, fact);
    });
  }

  /** What comes in the same turn of the loop shares a commit; a start waits for company, and when much comes an end does. */
  #plan(shard: number, queue: ShardQueue, { $typeName }: AttemptFact): void {
    const breathMs = $typeName === 'attempt.v1.AttemptStarted' ? LIMITS.startBreathMs : 0;
    const nowMs = this.#deps.clock.monotonic();
    const afterMs = Math.max(breathMs, queue.pace.restMs(nowMs));
    if (queue.planned !== undefined && queue.planned.atMs <= nowMs + afterMs) return;
    queue.planned?.timer.cancel();
    const next = () => this.#next(shard, queue);
    const timer = afterMs > 0 ? this.#deps.clock.setTimer(next, afterMs) : soon(next);
    queue.planned = { atMs: nowMs + afterMs, timer };
  }

  #next(shard: number, queue: ShardQueue): void {
    queue.planned?.timer.cancel();
    queue.planned = undefined;
    while (queue.inFlight < LIMITS.factsInFlight) {
      const batch = this.#cut(shard, queue);
      if (batch.length === 0) return;
      queue.inFlight += 1;
      queue.pace.begin(batch.length, this.#deps.clock.monotonic());
      void this.#store(shard, batch).finally(() => {
        queue.inFlight -= 1;
        const [first] = queue.waiting;
        if (first !== undefined) this.#plan(shard, queue, first.fact);
      });
    }
  }

  /** What may go now: an end whose start is under way, or was left behind, waits for it. */
  #cut(shard: number, queue: ShardQueue): readonly Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const starts = new Set<Start>();
    let bytes = 0;
    for (const one of queue.waiting) {
      const isFull =
        batch.length === LIMITS.factsPerCommit ||
        (batch.length > 0 && bytes + one.bytes > LIMITS.factBytesPerCommit);
      const { start } = one;
      if (isFull || (start !== undefined && start.state !== 'stored' && !starts.has(start))) {
        left.push(one);
        continue;
      }
      const own = this.#startOf(shard, one);
      if (own !== undefined) starts.add(own);
      batch.push(one);
      bytes += one.bytes;
    }
    for (const start of starts) start.state = 'sent';
    queue.waiting = left;
    return batch;
  }

  async #store(shard: number, batch: readonly Waiting[]): Promise<void> {
    const { workerId, clock } = this.#deps;
    const [first] = batch;
    const alone = batch.length === 1 ? first?.fact : undefined;
    this.#commits += 1;
    const id = `facts:${workerId}:${this.#commits}`;
    const subject = subjects.attempt(shard);
    const bytes = encodeCommit({
      id,
      aggregate: subject,
      account: alone?.account ?? '',
      actor: workerActor(workerId),
      occurredAtMs: clock.now(),
      correlationId: alone?.executionId ?? id,
      events: batch.map(({ fact }) => ({
        event: fact,
        account: fact.account,
        correlationId: fact.executionId,
      })),
    });
    try {
      await untilStored(this.#deps, { stream: 'ATTEMPTS', subject, bytes, msgId: id });
      for (const { told } of batch) told();
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }

  #startOf(shard: number, { fact }: Waiting): Start | undefined {
    if (fact.$typeName !== 'attempt.v1.AttemptStarted') return undefined;
    return this.#starts.get(`${shard} ${fact.fence}`);
  }
}

function soon(run: () => void): Timer {
  const immediate = setImmediate(run);
  return { cancel: () => clearImmediate(immediate) };
}

/** Roughly; texts are what makes an end large. */
function sizeOf(fact: AttemptFact): number {
  if (fact.$typeName === 'attempt.v1.AttemptStarted') return 512;
  const { outputJson, error } = fact;
  return (
    1_024 + 3 * (outputJson.length + (error?.message.length ?? 0) + (error?.stack.length ?? 0))
  );
}
