/** Many mutations, a few at a time: each ends by itself, and those that were refused are kept. */
import type { Answer } from '../graphql/actions.js';

export interface BulkItem {
  id: string;
  name: string;
}

export interface BulkProgress {
  done: number;
  refused: readonly { item: BulkItem; reason: string }[];
  /** Asked to stop, these were never begun. */
  left: readonly BulkItem[];
}

/** The gateway serves others meanwhile. */
export const BULK_AT_ONCE = 4;

interface BulkOptions {
  items: readonly BulkItem[];
  act: (item: BulkItem) => Promise<Answer<unknown>>;
  reasonOf: (answer: Extract<Answer<unknown>, { ok: false }>) => string;
  isStopped: () => boolean;
  onProgress: (progress: BulkProgress) => void;
}

export async function runBulk({ items, act, reasonOf, isStopped, onProgress }: BulkOptions) {
  let next = 0;
  let progress: BulkProgress = { done: 0, refused: [], left: [] };
  const worker = async (): Promise<void> => {
    while (next < items.length && !isStopped()) {
      const item = items[next++] as BulkItem;
      const answer = await act(item);
      progress = answer.ok
        ? { ...progress, done: progress.done + 1 }
        : { ...progress, refused: [...progress.refused, { item, reason: reasonOf(answer) }] };
      onProgress(progress);
    }
  };
  await Promise.all(Array.from({ length: BULK_AT_ONCE }, worker));
  progress = { ...progress, left: items.slice(next) };
  onProgress(progress);
  return progress;
}
