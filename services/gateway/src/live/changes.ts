import { type Clock } from '#libs/clock';
import { type Logger } from '#libs/runtime';
import { PENDING_IDS_MAX, PUSH_EVERY_MS, PUSH_IDS_MAX, READ_AGAIN_MS } from '../limits.js';
import { type Notices } from './notices.js';
import { endable, pause, Wake } from './wake.js';

export interface ChangesSource {
  readonly notices: Notices;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface ChangesRequest<T> {
  readonly readModel: string;
  readonly account: string;
  /** Only these ids; all of the account when left out. */
  readonly only?: string;
  /** Told at once, before anything has changed. */
  readonly atFirst?: readonly string[];
  readonly read: (ids: readonly string[]) => Promise<readonly T[]>;
}

/**
 * What changed, re-read: at most four batches a second, of at most 200 each. Between two batches
 * ids only gather, so an id that changed ten times is read once. Whoever is slow to take a batch
 * makes his own next one larger, up to a limit; beyond it the oldest ids are forgotten.
 */
export function changesOf<T>(
  { notices, clock, log }: ChangesSource,
  { readModel, account, only, atFirst = [], read }: ChangesRequest<T>,
): AsyncIterableIterator<readonly T[]> {
  return endable(async function* (signal) {
    const pending = new Set<string>(atFirst);
    const wake = new Wake();
    const stop = notices.listen(readModel, account, ({ keys }) => {
      for (const key of keys) if (only === undefined || key === only) gather(pending, key);
      if (pending.size > 0) wake.notify();
    });
    try {
      while (!signal.aborted) {
        if (pending.size === 0) await wake.wait(signal);
        if (signal.aborted) return;
        const ids = [...pending].slice(0, PUSH_IDS_MAX);
        for (const id of ids) pending.delete(id);
        if (ids.length === 0) continue;
        try {
          const rows = await read(ids);
          if (rows.length > 0) yield rows;
        } catch (error) {
          log.warn({ err: error, readModel }, 'changes could not be read; they are read again');
          for (const id of ids) gather(pending, id);
          await pause(clock, READ_AGAIN_MS, signal);
        }
        await pause(clock, PUSH_EVERY_MS, signal);
      }
    } finally {
      stop();
    }
  });
}

function gather(pending: Set<string>, id: string): void {
  // Put at the end: the newest change is the one worth keeping.
  pending.delete(id);
  pending.add(id);
  if (pending.size <= PENDING_IDS_MAX) return;
  const [oldest] = pending;
  if (oldest !== undefined) pending.delete(oldest);
}
