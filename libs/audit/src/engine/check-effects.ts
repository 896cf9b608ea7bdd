/** What a witness outside has seen of the attempts, held against the journal. */
import { attempt as a, decodeCommit } from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import type { Findings } from '../finding.js';

/** One effect as it arrived outside: it carries the key that the attempt was given for it. */
export interface Effect {
  readonly executionId: string;
  readonly attempt: number;
}

interface Known {
  /** How often the attempt was given out: once, unless an offer of it was never begun. */
  releases: number;
  succeeded: StoredCommit | undefined;
  seen: number;
}

/** `isWitnessed`: whether the attempts of this system task leave an effect. */
export function checkEffects(
  dispatch: readonly StoredCommit[],
  effects: readonly Effect[],
  isWitnessed: (systemTask: string) => boolean,
  findings: Findings,
): void {
  const known = attemptsIn(dispatch, isWitnessed);
  for (const { executionId, attempt } of effects) {
    const key = `${executionId}:${attempt}`;
    const one = known.get(key);
    if (one === undefined) findings.add('effect-unknown', key, 'no such attempt was released');
    else one.seen += 1;
  }
  for (const [key, { releases, succeeded, seen }] of known) {
    if (seen > releases)
      findings.add('effect-twice', key, `seen ${seen} times, and released ${releases} times`);
    if (seen === 0 && succeeded !== undefined)
      findings.add('effect-missing', succeeded, `${key} succeeded, and nobody saw its effect`);
  }
}

function attemptsIn(
  dispatch: readonly StoredCommit[],
  isWitnessed: (systemTask: string) => boolean,
): Map<string, Known> {
  const known = new Map<string, Known>();
  const witnessed = new Set<string>();
  for (const stored of dispatch)
    for (const { event } of decodeCommit(stored.bytes).events) {
      if (event.$typeName === 'dispatch.v1.ExecutionRequested') {
        if (isWitnessed(event.spec?.target?.systemTask ?? '')) witnessed.add(event.executionId);
      } else if (
        event.$typeName === 'dispatch.v1.AttemptReleased' ||
        event.$typeName === 'dispatch.v1.AttemptClosed'
      ) {
        if (!witnessed.has(event.executionId)) continue;
        const key = `${event.executionId}:${event.attempt}`;
        const one = known.get(key) ?? { releases: 0, succeeded: undefined, seen: 0 };
        known.set(key, one);
        if (event.$typeName === 'dispatch.v1.AttemptReleased') one.releases += 1;
        else if (event.outcome === a.AttemptOutcome.SUCCEEDED) one.succeeded = stored;
      }
    }
  return known;
}
