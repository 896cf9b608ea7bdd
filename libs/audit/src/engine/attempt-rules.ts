/** One attempt at a time, fences that rise, and nothing that comes of an old one. */
import { dispatch as d } from '#libs/contracts';
import type { Findings } from '../finding.js';
import type { Ledger, Rule } from './ledger.js';

export function attemptRules(ledger: Ledger, findings: Findings): Rule[] {
  return [oneAtATime(findings), risingFences(ledger, findings), noStaleEffect(findings)];
}

/** From the release on a worker may be at it. */
function oneAtATime(findings: Findings): Rule {
  return ({ event, stored }, run) => {
    const isBegun =
      (event.$typeName === 'dispatch.v1.AttemptReleased' && run?.phase === 'offered') ||
      ((event.$typeName === 'dispatch.v1.AttemptReleased' ||
        event.$typeName === 'dispatch.v1.AttemptAccepted') &&
        run?.phase === 'running');
    if (isBegun)
      findings.add('attempt-overlap', stored, `${run?.id}: attempt ${run?.attempt} is not over`);
  };
}

function risingFences(ledger: Ledger, findings: Findings): Rule {
  return ({ event, stored }) => {
    if (event.$typeName !== 'dispatch.v1.AttemptReleased') return;
    const last = ledger.fences.get(stored.subject) ?? 0;
    if (event.fence <= last)
      findings.add('fence-order', stored, `${event.executionId}: ${event.fence} after ${last}`);
  };
}

/** What a worker tells with an old fence, or what another one tells, has no effect. */
function noStaleEffect(findings: Findings): Rule {
  return ({ event, stored }, run) => {
    if (run === undefined) return;
    const name = event.$typeName;
    if (
      name !== 'dispatch.v1.AttemptAccepted' &&
      name !== 'dispatch.v1.AttemptClosed' &&
      name !== 'dispatch.v1.AttemptLost'
    )
      return;
    const { fence, workerId } = event;
    const at = `${run.id}: ${name} with fence ${fence}`;
    if (fence !== run.fence)
      findings.add('stale-effect', stored, `${at} while it has ${run.fence}`);
    else if (run.workerId !== '' && workerId !== '' && workerId !== run.workerId)
      findings.add('stale-effect', stored, `${at} of ${workerId}, and it is ${run.workerId}'s`);
  };
}

/** An end follows from the last attempt. */
export function endRule(findings: Findings): Rule {
  return ({ event, stored }, run) => {
    if (event.$typeName !== 'dispatch.v1.ExecutionFinished' || run === undefined) return;
    const succeeded = run.lastEnd?.succeeded ?? false;
    if (run.phase === 'over') findings.add('ended-twice', stored, `${run.id} had ended before`);
    else if ((event.status === d.ExecutionStatus.SUCCESS) !== succeeded)
      findings.add(
        'end-unfounded',
        stored,
        `${run.id} is ${d.ExecutionStatus[event.status]}, and its last attempt ${succeeded ? 'succeeded' : 'did not succeed'}`,
      );
  };
}
