import { type attempt as a, encodeCommit, subjects } from '#libs/contracts';
import { LIMITS } from '../limits.js';
import { type StoreDeps, untilStored } from './until-stored.js';
import { workerActor } from './worker-actor.js';

interface Waiting {
  readonly end: a.AttemptEnded;
  readonly bytes: number;
  readonly told: () => void;
  readonly failed: (error: unknown) => void;
}

interface ShardQueue {
  readonly waiting: Waiting[];
  inFlight: number;
}

/**
 * Tells the ends of attempts. Those of one shard that come while others are being stored go out
 * together as one commit: a lone end waits for nothing, and a thousand a second cost a few fsyncs.
 */
export class EndTeller {
  readonly #deps: StoreDeps & { readonly workerId: string };
  readonly #shards = new Map<number, ShardQueue>();
  #batches = 0;

  constructor(deps: StoreDeps & { readonly workerId: string }) {
    this.#deps = deps;
  }

  /** Resolves when the end is stored. A slot is given free only then, so the queue is bounded by them. */
  tell(shard: number, end: a.AttemptEnded): Promise<void> {
    const queue = this.#shards.get(shard) ?? { waiting: [], inFlight: 0 };
    this.#shards.set(shard, queue);
    return new Promise((told, failed) => {
      queue.waiting.push({ end, bytes: sizeOf(end), told, failed });
      // Ends that come in the same turn of the loop share a commit.
      if (queue.waiting.length === 1) setImmediate(() => this.#next(shard, queue));
    });
  }

  #next(shard: number, queue: ShardQueue): void {
    while (queue.waiting.length > 0 && queue.inFlight < LIMITS.endsInFlight) {
      queue.inFlight += 1;
      void this.#store(shard, cut(queue.waiting)).finally(() => {
        queue.inFlight -= 1;
        this.#next(shard, queue);
      });
    }
  }

  async #store(shard: number, batch: readonly Waiting[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const { workerId, clock } = this.#deps;
    const alone = batch.length === 1;
    this.#batches += 1;
    const id = alone
      ? `end:${first.end.executionId}:${first.end.fence}`
      : `ends:${workerId}:${this.#batches}`;
    const subject = subjects.attempt(shard);
    const bytes = encodeCommit({
      id,
      aggregate: subject,
      account: alone ? first.end.account : '',
      actor: workerActor(workerId),
      occurredAtMs: clock.now(),
      correlationId: alone ? first.end.executionId : id,
      events: batch.map(({ end }) => ({
        event: end,
        account: end.account,
        correlationId: end.executionId,
      })),
    });
    try {
      await untilStored(this.#deps, { stream: 'ATTEMPTS', subject, bytes, msgId: id });
      for (const { told } of batch) told();
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }
}

function cut(waiting: Waiting[]): readonly Waiting[] {
  let count = 0;
  let bytes = 0;
  for (const one of waiting) {
    if (count === LIMITS.endsPerCommit) break;
    if (count > 0 && bytes + one.bytes > LIMITS.endsBytesPerCommit) break;
    bytes += one.bytes;
    count += 1;
  }
  return waiting.splice(0, count);
}

/** Roughly; texts are what makes an end large. */
const sizeOf = (end: a.AttemptEnded): number =>
  1_024 +
  3 * (end.outputJson.length + (end.error?.message.length ?? 0) + (end.error?.stack.length ?? 0));
