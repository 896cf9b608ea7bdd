/** Under which limits a run would be, and whether a rate lets it in. */
import { attempt as a, create, dispatch as d } from '#libs/contracts';
import type { KeyFacts } from '../../limit/key-expression.js';
import { fail } from '../attempt/fail.js';
import type { Emit } from '../emit.js';
import type { DispatchState } from '../state.js';
import type { LimitRule } from './capacity.js';

export interface Applicant {
  readonly executionId: string;
  readonly account: string;
  readonly spec: d.ExecutionSpec;
}

export type Admission =
  | { readonly limits: d.LimitUse[] }
  /** The key of a limit could not be evaluated. */
  | { readonly fault: string; readonly limitId: string }
  /** A limit skips what is beyond its rate. */
  | { readonly beyond: string; readonly limitId: string; readonly untilMs: number };

/** A limit that was deleted since limits nothing. `mayWait`: no rate turns it away. */
export function admit(
  state: DispatchState,
  { executionId, account, spec }: Applicant,
  { nowMs, mayWait }: { nowMs: number; mayWait: boolean },
): Admission {
  const limits: d.LimitUse[] = [];
  for (const limitId of spec.settings?.limitIds ?? []) {
    const rule = state.definitions.limit(account, limitId);
    if (rule === undefined) continue;
    const outcome = state.limitKeys.of(executionId, limitId, rule, () => factsOf(account, spec));
    if ('fault' in outcome)
      return { limitId, fault: `The key of limit ${rule.name} has no value: ${outcome.fault}` };
    const { key } = outcome;
    const untilMs = mayWait ? nowMs : fullUntilMs(state, { account, limitId, key, rule, nowMs });
    if (untilMs > nowMs) return { limitId, untilMs, beyond: beyondWords(rule, untilMs) };
    const { name, rate } = rule;
    const { count: rateCount = 0, perMs: ratePerMs = 0 } = rate ?? {};
    limits.push(create(d.LimitUseSchema, { limitId, name, key, rateCount, ratePerMs }));
  }
  return { limits };
}

/** Those let in that have not started count as starts: so the rate holds whenever they do. */
function fullUntilMs(
  state: DispatchState,
  of: { account: string; limitId: string; key: string; rule: LimitRule; nowMs: number },
): number {
  const { rate, skips } = of.rule;
  const usage = state.line.named(of.account, of.limitId, of.key);
  if (rate === undefined || !skips || usage === undefined) return of.nowMs;
  if (usage.releases.within(rate.perMs, of.nowMs) + usage.fresh < rate.count) return of.nowMs;
  return Math.max(of.nowMs + 1, usage.releases.nextMs(rate, usage.fresh));
}

function beyondWords({ name, rate }: LimitRule, untilMs: number): string {
  const { count = 0, perMs = 0 } = rate ?? {};
  const until = new Date(untilMs).toISOString();
  return `Limit ${name} lets ${count} start in ${perMs / 1_000} s. It has room from ${until} on.`;
}

function factsOf(account: string, { taskId, parametersJson }: d.ExecutionSpec): KeyFacts {
  return { account, task: taskId, parameters: parametersOf(parametersJson) };
}

function parametersOf(json: string): Record<string, unknown> {
  try {
    return JSON.parse(json || '{}');
  } catch {
    return {};
  }
}

/** Writes the limits into a request, whoever made it. Tells what is wrong with a key; empty: nothing. */
export function putUnderLimits(
  state: DispatchState,
  request: d.ExecutionRequested,
  nowMs: number,
): string {
  const { executionId, account, spec } = request;
  if (spec === undefined) return '';
  const admission = admit(state, { executionId, account, spec }, { nowMs, mayWait: true });
  if ('limits' in admission) request.limits = admission.limits;
  return 'fault' in admission ? admission.fault : '';
}

/** A run whose key has no value ends before it begins: without the key nobody knows what it may do. */
export function failedKey(
  state: DispatchState,
  executionId: string,
  message: string,
  nowMs: number,
  emit: Emit,
): void {
  const execution = state.executions.get(executionId);
  if (execution === undefined) return;
  const error = create(a.AttemptErrorSchema, { code: 'LIMIT_KEY_FAILED', message, final: true });
  const { FAILED } = d.ExecutionStatus;
  const cause = d.DeadLetterCause.FINAL;
  fail(state, execution, { status: FAILED, error, cause }, nowMs, emit);
}
