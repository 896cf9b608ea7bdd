/**
 * Whether every slot has exactly one outcome: none missed, none twice, none early. Judged from the
 * log alone, and by other code than decided it: the definitions say which instants there are, the
 * ticks what became of each.
 */
import { parseDefinitionSubject, subjects, tick } from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import { wrongOutcome } from './check-outcome.js';
import { type ExpectedSlot, slotsOf, type Version, versionsOf } from './expected-slots.js';
import { type Finding, Findings } from './finding.js';
import { readTicks, type Tick } from './read-ticks.js';

export interface SlotLog {
  /** All of DEFINITIONS, in the order of the stream. */
  readonly definitions: readonly StoredCommit[];
  /** All of TICKS, in the order of the stream. */
  readonly ticks: readonly StoredCommit[];
}

export interface SlotCheck {
  readonly shards: number;
  /** Everything due up to this instant has to be decided; left out: up to the last watermark. */
  readonly untilMs?: number;
  /** What the services' clocks are ahead of the broker's. */
  readonly clockOffsetMs?: number;
  readonly earlyToleranceMs?: number;
}

export interface SlotReport {
  readonly slots: number;
  readonly fired: number;
  readonly skipped: number;
  readonly missed: number;
  readonly commits: number;
  /** How many leaders wrote. */
  readonly terms: number;
  /** From the instant of each slot that fired on time to its stored decision, rising. */
  readonly latenessMs: readonly number[];
  /** The first of them; `found` counts all. */
  readonly findings: readonly Finding[];
  readonly found: number;
}

interface Decided {
  readonly slot: tick.Slot;
  readonly tick: Tick;
}

export function checkSlots(log: SlotLog, check: SlotCheck): SlotReport {
  const findings = new Findings();
  const decided: Decided[] = [];
  let terms = 0;
  const hasMaintenance = log.definitions.some(
    ({ subject }) => parseDefinitionSubject(subject)?.kind === 'maintenance',
  );
  for (let shard = 0; shard < check.shards; shard++) {
    const subject = subjects.tick(shard);
    const { clockOffsetMs = 0, earlyToleranceMs = 0 } = check;
    const ticks = readTicks(
      log.ticks.filter((stored) => stored.subject === subject),
      { shard, findings, clockOffsetMs, earlyToleranceMs },
    );
    const versions = versionsOf(log.definitions, ticks, { shard, shards: check.shards });
    checkShard(versions, ticks, { untilMs: check.untilMs ?? 0, hasMaintenance, findings });
    for (const one of ticks) for (const slot of one.slots) decided.push({ slot, tick: one });
    terms += new Set(ticks.map(({ term }) => term)).size;
  }
  const count = (outcome: tick.SlotOutcome) =>
    decided.filter(({ slot }) => slot.outcome === outcome).length;
  return {
    slots: decided.length,
    fired: count(tick.SlotOutcome.FIRED),
    skipped: count(tick.SlotOutcome.SKIPPED),
    missed: count(tick.SlotOutcome.MISSED),
    commits: log.ticks.length,
    terms,
    latenessMs: latenessOf(decided, check.clockOffsetMs ?? 0),
    findings: findings.kept,
    found: findings.count,
  };
}

interface ShardCheck {
  readonly untilMs: number;
  readonly hasMaintenance: boolean;
  readonly findings: Findings;
}

function checkShard(versions: readonly Version[], ticks: readonly Tick[], check: ShardCheck): void {
  const { findings } = check;
  const byName = new Map<string, Decided>();
  for (const one of ticks)
    for (const slot of one.slots) {
      const name = nameOf(slot);
      const before = byName.get(name);
      if (before === undefined) byName.set(name, { slot, tick: one });
      else
        findings.add('slot-twice', one.stored, `${name} was decided in ${before.tick.stored.seq}`);
    }
  const limitMs = Math.max(check.untilMs, decidedUpTo(ticks.at(-1)));
  for (const version of versions)
    for (const expected of slotsOf(version, limitMs)) {
      const name = nameOf({
        scheduleId: version.schedule.id,
        scheduleRevision: version.schedule.revision,
        ...expected.slot,
      });
      const found = byName.get(name);
      byName.delete(name);
      if (found === undefined) findings.add('slot-undecided', name, `due ${dueOf(expected.slot)}`);
      else checkContent(expected, found, check);
    }
  for (const [name, { slot, tick: one }] of byName)
    if (slot.dueAtMs <= limitMs || !versions.some((version) => owns(version, slot)))
      findings.add('slot-not-due', one.stored, `${name} at ${dueOf(slot)}`);
}

/** Of an instant that is decided in part, the rest is not expected yet. */
function decidedUpTo(last: Tick | undefined): number {
  if (last === undefined) return 0;
  return last.to.key === '' ? last.to.dueAtMs : last.to.dueAtMs - 1;
}

/** Decided after the instant up to which we look: it has to be of a schedule, and that is all. */
function owns(version: Version, slot: tick.Slot): boolean {
  const { id, revision } = version.schedule;
  return id === slot.scheduleId && revision === slot.scheduleRevision;
}

function checkContent(
  { version, slot }: ExpectedSlot,
  found: Decided,
  { findings, hasMaintenance }: ShardCheck,
): void {
  const wanted = {
    account: version.account,
    taskId: version.taskId,
    zone: version.timing.zone,
    dueAtMs: slot.dueAtMs,
    folded: slot.missed ?? 0,
  };
  for (const [field, value] of Object.entries(wanted)) {
    const is = found.slot[field as keyof typeof wanted];
    if (is !== value)
      findings.add('slot-content', found.tick.stored, `${nameOf(found.slot)}: ${field} is ${is}`);
  }
  const wrong = wrongOutcome({ version, hasMaintenance, ...found });
  if (wrong) findings.add('slot-outcome', found.tick.stored, `${nameOf(found.slot)}: ${wrong}`);
}

function nameOf(slot: {
  readonly scheduleId: string;
  readonly scheduleRevision: number;
  readonly local: string;
  readonly pass: number;
}): string {
  return `${slot.scheduleId}:${slot.scheduleRevision}:${slot.local}:${slot.pass}`;
}

function dueOf({ dueAtMs }: { readonly dueAtMs: number }): string {
  return new Date(dueAtMs).toISOString();
}

function latenessOf(decided: readonly Decided[], clockOffsetMs: number): number[] {
  return decided
    .filter(({ slot }) => slot.cause === tick.SlotCause.DUE)
    .map(({ slot, tick: one }) => one.stored.storedAtMs + clockOffsetMs - slot.dueAtMs)
    .sort((a, b) => a - b);
}
