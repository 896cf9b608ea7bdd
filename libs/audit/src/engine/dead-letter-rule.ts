/** A bad end leaves a dead letter, with its cause and as many attempts as there were, unless none is wanted. */
import { dispatch as d } from '#libs/contracts';
import type { Findings } from '../finding.js';
import type { Rule } from './ledger.js';

const BAD: ReadonlySet<d.ExecutionStatus> = new Set([
  d.ExecutionStatus.FAILED,
  d.ExecutionStatus.TIMEOUT,
]);

export function deadLetterRule(findings: Findings): Rule {
  const letters = new Set<string>();
  return ({ event, stored }, run) => {
    if (run === undefined) return;
    if (event.$typeName === 'dispatch.v1.ExecutionDeadLettered') {
      if (letters.has(run.id))
        findings.add('dead-letter-twice', stored, `${run.id} is a dead letter already`);
      letters.add(run.id);
      const { cause, attempts, error } = event;
      if (cause === d.DeadLetterCause.UNSPECIFIED || attempts !== run.attempt || !error?.code)
        findings.add(
          'dead-letter-incomplete',
          stored,
          `${run.id}: cause ${cause}, ${attempts} attempts of ${run.attempt}, error ${error?.code}`,
        );
    } else if (event.$typeName === 'dispatch.v1.ExecutionFinished' && run.phase !== 'over') {
      const isWanted = BAD.has(event.status) && !run.settings?.noDeadLetter;
      if (isWanted !== letters.has(run.id))
        findings.add(
          isWanted ? 'dead-letter-missing' : 'dead-letter-unfounded',
          stored,
          `${run.id} is ${d.ExecutionStatus[event.status]}`,
        );
    }
  };
}
