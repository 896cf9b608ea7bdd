import { createHash } from 'node:crypto';
import {
  decodeCommit,
  encodeCommit,
  type RunEvent,
  subjects,
  type workflow as w,
} from '#libs/contracts';
import { factOf, type HistoryEvent, historyEventOf, type RunFact } from '#libs/workflow';
import { type StoreDeps, untilStored } from '../nats/until-stored.js';
import { workerActor } from '../nats/worker-actor.js';

export interface RunLogDeps extends StoreDeps {
  readonly workerId: string;
}

/** Whose run it is, and who writes. */
export interface RunWriter {
  readonly shard: number;
  readonly executionId: string;
  readonly account: string;
  readonly attempt: number;
  readonly fence: number;
}

/** A run as it lies in the log. */
export interface ReadRun {
  /** Undefined: nobody has begun it. */
  readonly started: w.RunStarted | undefined;
  readonly facts: readonly HistoryEvent[];
  /** The highest of those who carried out a step. */
  readonly fence: number;
}

interface Head {
  readonly seq: number;
  readonly ordinal: number;
  readonly hash: Uint8Array | undefined;
  readonly occurredAtMs: number;
}

const NOTHING: Head = { seq: 0, ordinal: 0, hash: undefined, occurredAtMs: 0 };

/** The facts of one run: read whole, and appended to with the expected sequence of its subject. */
export class RunLog {
  readonly #deps: RunLogDeps;
  readonly #writer: RunWriter;
  readonly #subject: string;
  #head = NOTHING;
  #commits = 0;

  constructor(deps: RunLogDeps, writer: RunWriter) {
    this.#deps = deps;
    this.#writer = writer;
    this.#subject = subjects.run(writer.shard, writer.executionId);
  }

  /** Sequence in RUNS of the last commit that is known. */
  get seq(): number {
    return this.#head.seq;
  }

  async read(): Promise<ReadRun> {
    const facts: HistoryEvent[] = [];
    let started: w.RunStarted | undefined;
    let fence = 0;
    this.#head = NOTHING;
    const range = { stream: 'RUNS', subject: this.#subject, fromSeq: 1 } as const;
    for await (const { seq, bytes } of this.#deps.eventLog.read(range)) {
      const { commit, events } = decodeCommit(bytes);
      const { ordinal, occurredAtMs } = commit;
      this.#head = { seq, ordinal, hash: sha256(bytes), occurredAtMs };
      for (const { event } of events) {
        if (event.$typeName === 'workflow.v1.RunStarted') started = event;
        else facts.push(historyEventOf(event as RunFact));
        if (event.$typeName === 'workflow.v1.StepStarted') fence = Math.max(fence, event.fence);
      }
    }
    return { started, facts, fence };
  }

  /** Somebody has written into the run since it was read. */
  async hasMoved(): Promise<boolean> {
    const last = await this.#deps.eventLog.last('RUNS', this.#subject);
    return (last?.seq ?? 0) !== this.#head.seq;
  }

  /** False: somebody else was first, and the run has to be read again. */
  append(facts: readonly HistoryEvent[], started?: w.RunStarted): Promise<boolean> {
    const { attempt, fence } = this.#writer;
    const teller = { attempt, fence, workerId: this.#deps.workerId };
    const told = facts.map((fact) => factOf(fact, teller));
    return this.#append(started === undefined ? told : [started, ...told]);
  }

  async #append(events: readonly RunEvent[]): Promise<boolean> {
    const { executionId, account, fence } = this.#writer;
    const { workerId, clock } = this.#deps;
    this.#commits += 1;
    const id = `${this.#subject}:${fence}:${workerId}:${this.#commits}`;
    const head = this.#head;
    const occurredAtMs = clock.now();
    const bytes = encodeCommit({
      id,
      aggregate: this.#subject,
      account,
      actor: workerActor(workerId),
      occurredAtMs,
      correlationId: executionId,
      ...(head.hash && { previousHash: head.hash }),
      ordinal: head.ordinal + 1,
      events: events.map((event) => ({ event })),
    });
    const appended = await untilStored(this.#deps, {
      stream: 'RUNS',
      subject: this.#subject,
      bytes,
      msgId: id,
      expectedLastSeq: head.seq,
    });
    if (appended.kind === 'conflict') return false;
    this.#head = {
      seq: appended.seq,
      ordinal: head.ordinal + 1,
      hash: sha256(bytes),
      occurredAtMs,
    };
    return true;
  }
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
