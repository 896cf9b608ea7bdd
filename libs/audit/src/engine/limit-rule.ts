/** Whether more attempts are out at the same time than a limit allows, at any prefix of the journal. */
import type { Findings } from '../finding.js';
import type { Rule, Run } from './ledger.js';

export interface LimitTally {
  /** How often a limit was full to the brim: without that, it was never tried. */
  full: number;
}

/** From its release until its end an attempt counts, as the specification of its run was frozen. */
export function limitRule(findings: Findings, tally: LimitTally): Rule {
  const active = new Map<string, number>();
  const keyOf = ({ account, taskId }: Run) => `${account}/${taskId}`;
  const count = (run: Run, change: 1 | -1) => {
    const now = (active.get(keyOf(run)) ?? 0) + change;
    active.set(keyOf(run), now);
    return now;
  };
  return ({ event, stored }, run) => {
    if (run === undefined) return;
    const isOut = run.phase === 'offered' || run.phase === 'running';
    switch (event.$typeName) {
      case 'dispatch.v1.AttemptReleased': {
        if (isOut) return;
        const now = count(run, 1);
        const { concurrencyLimit: most = 0 } = run.settings ?? {};
        if (most > 0 && now === most) tally.full += 1;
        if (most > 0 && now > most)
          findings.add('limit-exceeded', stored, `${run.id}: ${now} of ${run.taskId}, not ${most}`);
        return;
      }
      case 'dispatch.v1.AttemptClosed':
      case 'dispatch.v1.AttemptLost':
      case 'dispatch.v1.ExecutionFinished':
        if (isOut) count(run, -1);
        return;
      default:
    }
  };
}
