import { messages } from './messages.js';

/** A slot ahead, as the server foretells it. */
export interface SlotAhead {
  readonly at: string;
  readonly startsAt: string | null;
  readonly verdict: string;
  readonly cause: string | null;
  readonly by: string | null;
}

/** What becomes of it, in a few words; `format` writes an instant by the clock of the schedule. */
export function becomes(
  { at, startsAt, verdict, cause, by }: SlotAhead,
  format: (ms: number) => string,
): string {
  const { ahead } = messages;
  const start = startsAt === null ? undefined : format(Date.parse(startsAt));
  if (verdict === 'skipped') {
    if (cause === 'task_paused') return ahead.paused;
    return cause === 'merged' ? ahead.merged : ahead.skipped(by ?? '');
  }
  if (verdict === 'held')
    return start === undefined ? ahead.held(by ?? '') : ahead.heldUntil(start, by ?? '');
  if (start === undefined || startsAt === at) return ahead.runs;
  return by === null ? ahead.starts(start) : ahead.moved(start, by);
}
