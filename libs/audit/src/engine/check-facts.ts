/**
 * Whether the journal took in every fact that workers told, in the order of the stream: each has one
 * echo, which is its effect, or the record that it had none.
 */
import {
  type AttemptFact,
  type DispatchEvent,
  dispatch as d,
  decodeCommit,
  shardOfSubject,
} from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import type { Findings } from '../finding.js';

interface Told {
  readonly key: string;
  readonly at: StoredCommit;
}

/** Facts of one execution told by one worker look alike when they were told twice: then both have an echo. */
export function checkFacts(
  log: { readonly dispatch: readonly StoredCommit[]; readonly attempts: readonly StoredCommit[] },
  findings: Findings,
  isOver: boolean,
): void {
  const shards = new Set([...log.dispatch, ...log.attempts].map(shardOf));
  for (const shard of shards) {
    const of = (commits: readonly StoredCommit[]) =>
      commits.filter((one) => shardOf(one) === shard);
    compare(factsIn(of(log.attempts)), echoesIn(of(log.dispatch)), findings, isOver);
  }
}

function compare(
  facts: readonly Told[],
  echoes: readonly Told[],
  findings: Findings,
  isOver: boolean,
): void {
  const later = new Map<string, number>();
  for (const { key } of facts) later.set(key, (later.get(key) ?? 0) + 1);
  let next = 0;
  for (const { key, at } of echoes) {
    if ((later.get(key) ?? 0) === 0) {
      findings.add('fact-invented', at, `nobody told ${key}`);
      continue;
    }
    for (; facts[next]?.key !== key; next++) {
      const passed = facts[next];
      if (passed === undefined) return;
      later.set(passed.key, (later.get(passed.key) ?? 0) - 1);
      findings.add('fact-ignored', passed.at, `${passed.key} has neither effect nor record`);
    }
    next += 1;
    later.set(key, (later.get(key) ?? 0) - 1);
  }
  if (isOver)
    for (const { key, at } of facts.slice(next))
      findings.add('fact-ignored', at, `${key} has neither effect nor record`);
}

function factsIn(commits: readonly StoredCommit[]): Told[] {
  return commits.flatMap((at) =>
    decodeCommit(at.bytes).events.flatMap(({ event }) => {
      const kind = event.$typeName;
      if (kind !== 'attempt.v1.AttemptStarted' && kind !== 'attempt.v1.AttemptEnded') return [];
      return [{ at, key: keyOf(kind, event as AttemptFact) }];
    }),
  );
}

function echoesIn(commits: readonly StoredCommit[]): Told[] {
  return commits.flatMap((at) =>
    decodeCommit(at.bytes).events.flatMap(({ event }) => {
      const echo = echoOf(event as DispatchEvent);
      return echo === undefined ? [] : [{ at, key: echo }];
    }),
  );
}

function echoOf(event: DispatchEvent): string | undefined {
  switch (event.$typeName) {
    case 'dispatch.v1.AttemptAccepted':
      return keyOf('attempt.v1.AttemptStarted', event);
    case 'dispatch.v1.AttemptClosed':
      return keyOf('attempt.v1.AttemptEnded', event);
    case 'dispatch.v1.AttemptLost':
      // Its worker told that it gives it back without having begun.
      return event.cause === d.LossCause.DECLINED
        ? keyOf('attempt.v1.AttemptEnded', event)
        : undefined;
    case 'dispatch.v1.StaleFactIgnored':
      return keyOf(event.factType, event);
    default:
      return undefined;
  }
}

function keyOf(
  kind: string,
  of: { readonly executionId: string; readonly fence: number; readonly workerId: string },
): string {
  return `${kind} of ${of.executionId}, fence ${of.fence}, by ${of.workerId}`;
}

function shardOf({ subject }: StoredCommit): number {
  return shardOfSubject(subject);
}
