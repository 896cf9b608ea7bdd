/** How often an execution is tried, and when. */
import type { Findings } from '../finding.js';
import type { Rule, Run } from './ledger.js';

/** Delays are whole milliseconds, and were cut off somewhere. */
const ROUNDING_MS = 1;
/** After what costs no retry: at once, or a moment later where two raced for a slot. */
const FREE = { least: 0, most: 50 };

export function retryRules(findings: Findings): Rule[] {
  return [countOfAttempts(findings), delays(findings)];
}

/** What consumes no retry (a hand-back, an offer that nobody began) is not counted. */
function countOfAttempts(findings: Findings): Rule {
  return ({ event, stored }, run) => {
    if (event.$typeName !== 'dispatch.v1.AttemptReleased' || run === undefined) return;
    const { maxRetries = 0 } = run.settings?.retryPolicy ?? {};
    if (run.failures > maxRetries)
      findings.add(
        'attempts-exceeded',
        stored,
        `${run.id}: another attempt after ${run.failures} that failed, with ${maxRetries} retries`,
      );
    if (event.attempt !== run.ended + 1)
      findings.add('attempt-number', stored, `${run.id}: ${event.attempt} after ${run.ended}`);
  };
}

/**
 * A retry is due when the law says, counted from the end of the attempt before it or from the decision
 * about that end, and is not begun earlier.
 */
function delays(findings: Findings): Rule {
  return ({ event, stored, inputs }, run) => {
    if (run === undefined) return;
    if (event.$typeName === 'dispatch.v1.AttemptReleased' && event.releasedAtMs < run.dueAtMs)
      findings.add(
        'retry-early',
        stored,
        `${run.id}: ${event.releasedAtMs} and not ${run.dueAtMs}`,
      );
    if (event.$typeName !== 'dispatch.v1.RetryPlanned') return;
    const { lastEnd } = run;
    if (lastEnd === undefined || lastEnd.succeeded) {
      findings.add('retry-unfounded', stored, `${run.id}: nothing failed before it`);
      return;
    }
    const { least, most } = lastEnd.costsNothing ? FREE : delayOf(run);
    const fromMs = lastEnd.atMs + least - ROUNDING_MS;
    const toMs = Math.max(lastEnd.atMs, inputs.decidedAtMs) + most + ROUNDING_MS;
    if (event.dueAtMs < fromMs || event.dueAtMs > toMs)
      findings.add(
        'retry-delay',
        stored,
        `${run.id}: ${event.dueAtMs - lastEnd.atMs} ms after its end, and not ${least} to ${most}`,
      );
  };
}

/** initial × multiplier^(failures-1), capped, less up to its jitter. */
function delayOf({ settings, failures }: Run): { least: number; most: number } {
  const retry = settings?.retryPolicy;
  if (retry === undefined) return { least: 0, most: 0 };
  const { initialDelayMs, backoffMultiplier, maxDelayMs, jitter } = retry;
  const cap = maxDelayMs > 0 ? maxDelayMs : Number.POSITIVE_INFINITY;
  const most = Math.min(cap, initialDelayMs * backoffMultiplier ** (failures - 1));
  return { least: most * (1 - jitter), most };
}
