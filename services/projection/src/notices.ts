import type { NatsConnection } from '@nats-io/transport-node';
import { type StreamName, subjects } from '#libs/contracts';
import type { Touched } from '#libs/read-model';

/** Keys in one notice: it stays far below what a message may hold. */
export const NOTICE_KEYS_MAX = 200;

/** What the gateway hears after a commit; it then reads the rows anew. */
export interface Notice {
  readonly account: string;
  readonly keys: readonly string[];
  /** The rows hold everything of this stream up to this sequence. */
  readonly stream: StreamName;
  readonly seq: number;
}

/** Each key once, by read model and account. */
export function noticesOf(
  touched: readonly Touched[],
  at: Pick<Notice, 'stream' | 'seq'>,
): { readonly readModel: string; readonly notice: Notice }[] {
  const groups = new Map<string, { readModel: string; account: string; keys: Set<string> }>();
  for (const { readModel, account, key } of touched) {
    const of = `${readModel}\0${account}`;
    const group = groups.get(of) ?? { readModel, account, keys: new Set<string>() };
    groups.set(of, group);
    group.keys.add(key);
  }
  return [...groups.values()].flatMap(({ readModel, account, keys }) =>
    inChunks([...keys]).map((chunk) => ({
      readModel,
      notice: { account, keys: chunk, stream: at.stream, seq: at.seq },
    })),
  );
}

function inChunks(keys: readonly string[]): string[][] {
  const chunks: string[][] = [];
  for (let from = 0; from < keys.length; from += NOTICE_KEYS_MAX)
    chunks.push(keys.slice(from, from + NOTICE_KEYS_MAX));
  return chunks;
}

/** A notice may be lost: who listens reads anew when its connection comes back. */
export function publishNotices(
  nc: NatsConnection,
  touched: readonly Touched[],
  at: Pick<Notice, 'stream' | 'seq'>,
): void {
  if (nc.isClosed()) return;
  for (const { readModel, notice } of noticesOf(touched, at))
    nc.publish(subjects.notice(readModel), JSON.stringify(notice));
}
