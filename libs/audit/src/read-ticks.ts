/** A shard's ticks, read strictly: the chain, the terms, the watermarks, and the place of each slot. */
import { createHash } from 'node:crypto';
import { decodeCommit, fromBinary, subjects, tick } from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import type { Findings } from './finding.js';

export interface Mark {
  readonly dueAtMs: number;
  /** `<taskId>/<scheduleId>`: slots of this instant are decided up to it; empty: all. */
  readonly key: string;
}

/** One tick commit that could be read. */
export interface Tick {
  readonly stored: StoredCommit;
  readonly term: number;
  readonly from: Mark;
  readonly to: Mark;
  readonly horizonMs: number;
  readonly definitionsSeq: number;
  readonly slots: readonly tick.Slot[];
}

interface Chain {
  readonly ordinal: number;
  readonly hash: Uint8Array;
  readonly tick: Tick | undefined;
}

export interface ReadTicksOptions {
  readonly shard: number;
  readonly findings: Findings;
  /** What the services' clocks are ahead of the broker's. */
  readonly clockOffsetMs: number;
  /** How far a clock may be ahead of the broker's before what it decides is early. */
  readonly earlyToleranceMs: number;
}

export function readTicks(stored: readonly StoredCommit[], options: ReadTicksOptions): Tick[] {
  const { shard, findings } = options;
  const ticks: Tick[] = [];
  let chain: Chain = { ordinal: 0, hash: new Uint8Array(), tick: undefined };
  for (const one of stored) {
    const read = readTick(one, shard);
    if (typeof read === 'string') {
      findings.add('unreadable', one, read);
      continue;
    }
    checkChain(chain, read, findings);
    checkSlots(read.tick, options);
    ticks.push(read.tick);
    const hash = createHash('sha256').update(one.bytes).digest();
    chain = { ordinal: read.ordinal, hash, tick: read.tick };
  }
  return ticks;
}

interface ReadTick {
  readonly ordinal: number;
  readonly previousHash: Uint8Array;
  readonly tick: Tick;
}

function readTick(stored: StoredCommit, shard: number): ReadTick | string {
  try {
    const { commit, events } = decodeCommit(stored.bytes);
    const decided = events[0]?.event;
    if (decided?.$typeName !== 'tick.v1.SlotsDecided' || events.length !== 1)
      return 'it is no tick commit';
    if (commit.aggregate !== stored.subject || decided.shard !== shard)
      return `it says that it belongs to ${commit.aggregate}, shard ${decided.shard}`;
    if (commit.id !== stored.msgId || commit.id !== idOf(shard, commit.term, commit.ordinal))
      return `its name is ${commit.id}, stored as ${stored.msgId}`;
    const inputs = fromBinary(tick.TickInputsSchema, commit.inputs);
    const { term, ordinal, previousHash } = commit;
    const { horizonMs, definitionsSeq } = inputs;
    const marks = { from: markOf(inputs.from), to: markOf(decided.to) };
    const { slots } = decided;
    const read: Tick = { stored, term, ...marks, horizonMs, definitionsSeq, slots };
    return { ordinal, previousHash, tick: read };
  } catch (error) {
    return (error as Error).message;
  }
}

function idOf(shard: number, term: number, ordinal: number): string {
  return `${subjects.tick(shard)}:${term}:${ordinal}`;
}

function checkChain(chain: Chain, read: ReadTick, findings: Findings): void {
  const { tick: now, ordinal, previousHash } = read;
  const { tick: before } = chain;
  const at = now.stored;
  if (ordinal !== chain.ordinal + 1)
    findings.add('ordinal', at, `number ${ordinal} comes after number ${chain.ordinal}`);
  if (Buffer.compare(previousHash, chain.hash) !== 0)
    findings.add('hash', at, 'the hash it carries is not that of the commit before it');
  if (now.term < (before?.term ?? 1))
    findings.add('stale-term', at, `term ${now.term} comes after term ${before?.term}`);
  const from = before?.to ?? { dueAtMs: 0, key: '' };
  if (compareMarks(now.from, from) !== 0)
    findings.add('watermark', at, `it starts at ${told(now.from)}, not at ${told(from)}`);
  if (compareMarks(now.to, now.from) <= 0)
    findings.add('watermark', at, `it goes from ${told(now.from)} to ${told(now.to)}`);
  if (now.definitionsSeq < (before?.definitionsSeq ?? 0))
    findings.add('definitions', at, `it knows DEFINITIONS up to ${now.definitionsSeq} only`);
}

function checkSlots(one: Tick, options: ReadTicksOptions): void {
  const { findings, clockOffsetMs, earlyToleranceMs } = options;
  const storedAtMs = one.stored.storedAtMs + clockOffsetMs + earlyToleranceMs;
  if (one.to.dueAtMs > one.horizonMs)
    findings.add('slot-early', one.stored, 'its watermark is ahead of its own clock');
  let before = one.from;
  for (const { dueAtMs, taskId, scheduleId } of one.slots) {
    const place = { dueAtMs, key: keyOf(taskId, scheduleId) };
    if (compareMarks(place, before) <= 0 || compareMarks(place, one.to) > 0)
      findings.add('slot-place', one.stored, `${told(place)} does not stand in order`);
    if (dueAtMs > one.horizonMs || dueAtMs > storedAtMs)
      findings.add('slot-early', one.stored, `${told(place)} was decided before its instant`);
    before = place;
  }
}

export function keyOf(taskId: string, scheduleId: string): string {
  return `${taskId}/${scheduleId}`;
}

/** An empty key stands after all others of its instant. */
export function compareMarks(a: Mark, b: Mark): number {
  if (a.dueAtMs !== b.dueAtMs) return a.dueAtMs - b.dueAtMs;
  if (a.key === b.key) return 0;
  if (a.key === '') return 1;
  if (b.key === '') return -1;
  return a.key < b.key ? -1 : 1;
}

function markOf(mark: tick.Watermark | undefined): Mark {
  return { dueAtMs: mark?.dueAtMs ?? 0, key: mark?.key ?? '' };
}

function told({ dueAtMs, key }: Mark): string {
  return `${new Date(dueAtMs).toISOString()}${key === '' ? '' : ` of ${key}`}`;
}
