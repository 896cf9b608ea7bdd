/** What the witness and the tickers themselves have seen, held against the log. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { decodeCommit, tick } from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';

/** A line of the witness's file. */
export interface Seen {
  readonly seq: number;
  readonly hash: string;
  readonly seenAtMs: number;
}

/** A line of a ticker's log: an append that the broker has acknowledged. */
export interface Acknowledged {
  readonly seq: number;
  readonly id: string;
}

export function readSeen(file: string): Seen[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Seen);
}

/** What does not fit, in words. */
export function contradictions(
  ticks: readonly StoredCommit[],
  seen: readonly Seen[],
  acknowledged: readonly Acknowledged[],
  clockOffsetMs: number,
): string[] {
  const wrong: string[] = [];
  const log = new Map(ticks.map((stored) => [stored.seq, stored]));
  for (const { seq, id } of acknowledged)
    if (log.get(seq)?.msgId !== id) wrong.push(`${id} was acknowledged as ${seq} and is not there`);
  const bySeq = new Map(seen.map((one) => [one.seq, one]));
  if (bySeq.size !== seen.length) wrong.push('the witness saw a commit twice');
  for (const { seq } of seen)
    if (!log.has(seq)) wrong.push(`the witness saw ${seq}, which is not in the log`);
  for (const stored of ticks) {
    const one = bySeq.get(stored.seq);
    const hash = createHash('sha256').update(stored.bytes).digest('hex');
    if (one === undefined) wrong.push(`the witness did not see ${stored.seq}`);
    else if (one.hash !== hash) wrong.push(`the witness saw another commit as ${stored.seq}`);
    else if (lastDueMs(stored) > one.seenAtMs + clockOffsetMs)
      wrong.push(`by the clock of the witness ${stored.seq} was early`);
  }
  return wrong;
}

function lastDueMs({ bytes }: StoredCommit): number {
  const slots = decodeCommit(bytes).events.flatMap(({ event }) =>
    event.$typeName === tick.SlotsDecidedSchema.typeName ? (event as tick.SlotsDecided).slots : [],
  );
  return slots.reduce((latest, { dueAtMs }) => Math.max(latest, dueAtMs), 0);
}
