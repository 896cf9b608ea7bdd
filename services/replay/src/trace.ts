import {
  type DispatchEvent,
  type DomainEvent,
  decodeCommit,
  log as l,
  type RunEvent,
  shardOfSubject,
  subjects,
  tick,
} from '#libs/contracts';
import { waitsOf } from '#libs/domain';
import type { EventLog, StoredCommit } from '#libs/event-log';
import { sayEvent, sayFact, sayRunEvent, saySlot, sayWaits } from './say.js';

/** One line of a run's story. */
export interface Step {
  /** Epoch ms, as the one who tells it knew. */
  readonly atMs: number;
  readonly stream: string;
  readonly seq: number;
  readonly text: string;
}

/** The whole story of an execution, from the log alone; empty when the log does not know it. */
export async function trace(log: EventLog, executionId: string): Promise<Step[]> {
  const steps: Step[] = [];
  const journal = await journalSteps(log, executionId);
  if (journal === undefined) return [];
  steps.push(...journal.steps);
  steps.push(...(await slotSteps(log, journal.shard, executionId)));
  steps.push(...(await factSteps(log, journal.shard, executionId)));
  steps.push(...(await runSteps(log, journal.shard, executionId)));
  steps.push(...(await logSteps(log, journal.shard, executionId)));
  return steps.sort(
    (one, other) => one.atMs - other.atMs || rank(one) - rank(other) || one.seq - other.seq,
  );
}

/** Of one instant, the cause before the effect. */
function rank({ stream }: Step): number {
  return ['TICKS', 'DISPATCH', 'ATTEMPTS', 'RUNS', 'LOGS'].indexOf(stream);
}

function step(stored: StoredCommit, atMs: number, text: string): Step {
  return { atMs, stream: stored.stream, seq: stored.seq, text };
}

async function journalSteps(
  log: EventLog,
  executionId: string,
): Promise<{ shard: number; steps: Step[] } | undefined> {
  const steps: Step[] = [];
  const told: { event: DispatchEvent; atMs: number }[] = [];
  let last: StoredCommit | undefined;
  let shard: number | undefined;
  for await (const stored of log.read({ stream: 'DISPATCH', fromSeq: 1 })) {
    const { commit, events } = decodeCommit(stored.bytes);
    for (const { event, correlationId, actor } of events) {
      if (correlationId !== executionId) continue;
      shard = shardOfSubject(stored.subject);
      steps.push(step(stored, commit.occurredAtMs, sayEvent(event, actor)));
      last = stored;
      if (isOfExecution(event)) told.push({ event, atMs: commit.occurredAtMs });
    }
  }
  const waits = waitsOf(told);
  if (waits !== undefined && last !== undefined)
    steps.push(step(last, told.at(-1)?.atMs ?? 0, sayWaits(waits)));
  return shard === undefined ? undefined : { shard, steps };
}

function isOfExecution(event: DomainEvent): event is DispatchEvent {
  return event.$typeName.startsWith('dispatch.') && 'executionId' in event;
}

async function slotSteps(log: EventLog, shard: number, executionId: string): Promise<Step[]> {
  const range = { stream: 'TICKS', subject: subjects.tick(shard), fromSeq: 1 } as const;
  for await (const stored of log.read(range)) {
    const { commit, events } = decodeCommit(stored.bytes);
    for (const { event } of events) {
      if (event.$typeName !== tick.SlotsDecidedSchema.typeName) continue;
      const slot = event.slots.find((one) => one.executionId === executionId);
      if (slot) return [step(stored, commit.occurredAtMs, saySlot(slot))];
    }
  }
  return [];
}

async function factSteps(log: EventLog, shard: number, executionId: string): Promise<Step[]> {
  const steps: Step[] = [];
  const range = { stream: 'ATTEMPTS', subject: subjects.attempt(shard), fromSeq: 1 } as const;
  for await (const stored of log.read(range))
    for (const { event } of decodeCommit(stored.bytes).events) {
      if (!('executionId' in event) || event.executionId !== executionId) continue;
      if (event.$typeName === 'attempt.v1.AttemptStarted')
        steps.push(step(stored, event.startedAtMs, sayFact(event)));
      else if (event.$typeName === 'attempt.v1.AttemptEnded')
        steps.push(step(stored, event.endedAtMs, sayFact(event)));
    }
  return steps;
}

async function runSteps(log: EventLog, shard: number, executionId: string): Promise<Step[]> {
  const steps: Step[] = [];
  const range = { stream: 'RUNS', subject: subjects.run(shard, executionId), fromSeq: 1 } as const;
  for await (const stored of log.read(range)) {
    const { commit, events } = decodeCommit(stored.bytes);
    for (const { event } of events)
      steps.push(step(stored, commit.occurredAtMs, sayRunEvent(event as RunEvent)));
  }
  return steps;
}

async function logSteps(log: EventLog, shard: number, executionId: string): Promise<Step[]> {
  const steps: Step[] = [];
  const range = { stream: 'LOGS', subject: subjects.log(shard, executionId), fromSeq: 1 } as const;
  for await (const stored of log.read(range))
    for (const { event } of decodeCommit(stored.bytes).events) {
      if (event.$typeName !== l.LogChunkSchema.typeName) continue;
      for (const line of event.lines)
        steps.push(
          step(stored, line.atMs, `log ${l.Level[line.level].toLowerCase()}: ${line.message}`),
        );
    }
  return steps;
}
