import { type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { z } from 'zod';
import { subjects } from '#libs/contracts';
import { type Logger } from '#libs/runtime';

/** What a projection tells after its transaction: these keys can be read anew. */
export interface Notice {
  readonly account: string;
  readonly keys: readonly string[];
  readonly stream: string;
  readonly seq: number;
}

const noticeShape = z.object({
  account: z.string(),
  keys: z.array(z.string()),
  stream: z.string(),
  seq: z.number(),
});

export type Listener = (notice: Notice, readModel: string) => void;

/**
 * The notices of all read models, on one NATS subscription for the whole process, handed to
 * whoever listens. They may be lost: a listener looks again by itself where that matters.
 */
export class Notices {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #nc: NatsConnection;
  readonly #log: Logger;
  #subscription: Subscription | undefined;

  constructor(nc: NatsConnection, log: Logger) {
    this.#nc = nc;
    this.#log = log;
  }

  start(): void {
    this.#subscription = this.#nc.subscribe(subjects.notice('*'), {
      callback: (error, message) => {
        if (error) this.#log.warn({ err: error }, 'notices stopped');
        else this.#tell(message.subject, message.string());
      },
    });
  }

  stop(): void {
    this.#subscription?.unsubscribe();
    this.#listeners.clear();
  }

  /** Gives the way to stop listening. */
  listen(readModel: string, account: string, listener: Listener): () => void {
    const key = `${readModel} ${account}`;
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(key);
    };
  }

  #tell(subject: string, text: string): void {
    const readModel = subject.slice(subject.indexOf('.') + 1);
    const notice = readNotice(text);
    if (notice === undefined) {
      this.#log.warn({ subject }, 'a notice that cannot be read');
      return;
    }
    for (const listener of this.#listeners.get(`${readModel} ${notice.account}`) ?? [])
      listener(notice, readModel);
  }
}

function readNotice(text: string): Notice | undefined {
  try {
    return noticeShape.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
