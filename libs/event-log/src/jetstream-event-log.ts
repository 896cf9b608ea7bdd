import {
  type Consumer,
  type ConsumerMessages,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  jetstream,
  jetstreamManager,
  type StoredMsg,
} from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { StreamName } from '#libs/contracts';
import {
  type AppendRequest,
  type AppendResult,
  type EventLog,
  LogUnavailable,
  type ReadRange,
  type StoredCommit,
} from './event-log.js';
import { StallWatch } from './stall-watch.js';

/** Wrong last sequence. */
const CONFLICT = 10071;
/** On replicated streams: a conflicting write is still in flight. */
const CONFLICT_IN_FLIGHT = 10164;

const MSG_ID = 'Nats-Msg-Id';

export interface JetStreamEventLogOptions {
  /** One try of one append. */
  readonly tryMs: number;
  /** An append that is not settled by then throws LogUnavailable. A crashed stream leader costs 4-9 s. */
  readonly giveUpMs: number;
  /** Pause between two tries. */
  readonly pauseMs: number;
}

const DEFAULTS: JetStreamEventLogOptions = { tryMs: 2_000, giveUpMs: 15_000, pauseMs: 100 };

/**
 * A consumer's default stalls 33-43 s when its leader changes (measured); these make it 2.5 s.
 */
const CONSUME = { expires: 5_000, idle_heartbeat: 1_000, max_messages: 1_000 } as const;

/** The event log on JetStream. Owns no connection. */
export class JetStreamEventLog implements EventLog {
  readonly #nc: NatsConnection;
  readonly #js: JetStreamClient;
  readonly #options: JetStreamEventLogOptions;
  #manager: Promise<JetStreamManager> | undefined;

  constructor(nc: NatsConnection, options: Partial<JetStreamEventLogOptions> = {}) {
    this.#nc = nc;
    this.#js = jetstream(nc);
    this.#options = { ...DEFAULTS, ...options };
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    const deadline = performance.now() + this.#options.giveUpMs;
    let unsettled = false;
    for (;;) {
      const outcome = await this.#tryAppend(request, unsettled);
      if (outcome.kind !== 'unknown') return outcome;
      unsettled = true;
      if (performance.now() > deadline || this.#nc.isClosed())
        throw new LogUnavailable(`${request.stream} did not answer in time.`, {
          cause: outcome.cause,
        });
      await pause(this.#options.pauseMs);
    }
  }

  async #tryAppend(
    request: AppendRequest,
    unsettled: boolean,
  ): Promise<AppendResult | { kind: 'unknown'; cause: unknown }> {
    const mh = headers();
    for (const [key, value] of Object.entries(request.headers ?? {})) mh.set(key, value);
    try {
      const ack = await this.#js.publish(request.subject, request.bytes, {
        msgID: request.msgId,
        timeout: this.#options.tryMs,
        headers: mh,
        ...(request.expectedLastSeq === undefined
          ? {}
          : { expect: { lastSubjectSequence: request.expectedLastSeq } }),
      });
      if (!ack.duplicate) return { kind: 'appended', seq: ack.seq, duplicate: false };
      // After a try of ours whose answer was lost, the one that is there may be our own.
      const own = unsettled && (await this.#isOwn(request, ack.seq));
      return { kind: 'appended', seq: ack.seq, duplicate: !own };
    } catch (error) {
      if (error instanceof JetStreamApiError) {
        if (error.code === CONFLICT || error.code === CONFLICT_IN_FLIGHT)
          return this.#settleConflict(request);
        if (error.status < 500) throw error;
      }
      if (isRefusedByClient(error)) throw error;
      return { kind: 'unknown', cause: error };
    }
  }

  /** A conflict may be my own append, whose answer was lost. */
  async #settleConflict(
    request: AppendRequest,
  ): Promise<AppendResult | { kind: 'unknown'; cause: unknown }> {
    try {
      const last = await this.last(request.stream, request.subject);
      if (last?.msgId === request.msgId && sameBytes(last.bytes, request.bytes))
        return { kind: 'appended', seq: last.seq, duplicate: false };
      // The conflicting write is not readable yet: it is settled by trying again.
      if ((last?.seq ?? 0) === request.expectedLastSeq)
        return { kind: 'unknown', cause: new Error('a conflicting append is in flight') };
      return { kind: 'conflict' };
    } catch (cause) {
      return { kind: 'unknown', cause };
    }
  }

  async #isOwn(request: AppendRequest, seq: number): Promise<boolean> {
    const stored = await this.get(request.stream, seq);
    return stored !== undefined && sameBytes(stored.bytes, request.bytes);
  }

  async last(stream: StreamName, subject: string): Promise<StoredCommit | undefined> {
    return this.#getMessage(stream, { last_by_subj: subject });
  }

  async get(stream: StreamName, seq: number): Promise<StoredCommit | undefined> {
    return this.#getMessage(stream, { seq });
  }

  async lastSeq(stream: StreamName): Promise<number> {
    return asked(async () => {
      const manager = await this.#jsm();
      return (await manager.streams.info(stream)).state.last_seq;
    });
  }

  async *read(range: ReadRange): AsyncIterable<StoredCommit> {
    let { fromSeq } = range;
    // More than once only when a consumer was given up.
    for (;;) {
      const from = { ...range, fromSeq };
      const consumer = await asked(() => this.#consumer(from));
      if ((await consumer.info(true)).num_pending === 0) {
        await consumer.delete().catch(ignoreGone);
        return;
      }
      const messages = await consumer.consume(CONSUME);
      const watch = watchOver(consumer, messages);
      try {
        for await (const message of messages) {
          watch.got();
          fromSeq = message.seq + 1;
          yield stored(range.stream, message);
          if (message.info.pending === 0) return;
          watch.waits();
        }
      } finally {
        watch.stop();
        await messages.close();
        await consumer.delete().catch(ignoreGone);
      }
    }
  }

  async *follow(range: ReadRange, signal: AbortSignal): AsyncIterable<StoredCommit> {
    if (signal.aborted) return;
    const consumer = await asked(() => this.#consumer(range));
    const messages = await consumer.consume(CONSUME);
    const watch = watchOver(consumer, messages);
    const stop = () => messages.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const message of messages) {
        if (signal.aborted) return;
        watch.got();
        yield stored(range.stream, message);
        watch.waits();
      }
    } finally {
      watch.stop();
      signal.removeEventListener('abort', stop);
      messages.stop();
      if (!this.#nc.isClosed()) await consumer.delete().catch(ignoreGone);
    }
  }

  #consumer(range: ReadRange) {
    return this.#js.consumers.get(range.stream, {
      ...(range.subject === undefined
        ? {}
        : {
            filter_subjects: typeof range.subject === 'string' ? range.subject : [...range.subject],
          }),
      opt_start_seq: Math.max(1, range.fromSeq),
    });
  }

  #jsm(): Promise<JetStreamManager> {
    this.#manager ??= jetstreamManager(this.#nc, { checkAPI: false });
    return this.#manager;
  }

  async #getMessage(
    stream: StreamName,
    query: { seq: number } | { last_by_subj: string },
  ): Promise<StoredCommit | undefined> {
    return asked(async () => {
      const manager = await this.#jsm();
      const message = await manager.streams.getMessage(stream, query);
      return message === null ? undefined : storedFromGet(stream, message);
    });
  }
}

function stored(stream: StreamName, message: JsMsg): StoredCommit {
  return {
    stream,
    seq: message.seq,
    subject: message.subject,
    bytes: message.data,
    storedAtMs: Number(message.timestampNanos / 1_000_000n),
    msgId: message.headers?.get(MSG_ID) ?? '',
  };
}

function storedFromGet(stream: StreamName, message: StoredMsg): StoredCommit {
  return {
    stream,
    seq: message.seq,
    subject: message.subject,
    bytes: message.data,
    storedAtMs: message.time.getTime(),
    msgId: message.header?.get(MSG_ID) ?? '',
  };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Too large a payload or a bad argument: nothing was sent, and no retry mends it. */
function isRefusedByClient(error: unknown): boolean {
  return error instanceof Error && error.name === 'InvalidArgumentError';
}

/** A question that the broker refuses is an error; one that it does not answer is LogUnavailable. */
async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (cause) {
    if (cause instanceof JetStreamApiError && cause.status < 500) throw cause;
    throw new LogUnavailable('The event log does not answer.', { cause });
  }
}

/** An ephemeral consumer that the server has already removed. */
function ignoreGone(): void {}

function watchOver(consumer: Consumer, messages: ConsumerMessages): StallWatch {
  return new StallWatch({
    pending: async () => (await consumer.info()).num_pending,
    giveUp: () => messages.stop(),
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
