/** Whether more attempts are out at the same time than a limit allows, at any prefix of the journal. */
import { task as t } from '#libs/contracts';
import type { Findings } from '../finding.js';
import type { Bounds, NamedLimit } from './bounds.js';
import type { Rule, Run, Step } from './ledger.js';

export interface LimitTally {
  /** How often one was full to the brim, by its kind: without that, it was never tried. */
  readonly full: Map<string, number>;
}

/** One limit that an attempt is under. */
interface Under {
  readonly kind: 'task' | 'account' | 'pool' | 'browser' | 'named';
  readonly key: string;
  /** 0: none. */
  readonly most: number;
  readonly rate?: NamedLimit['rate'];
}

/** From its release until its end an attempt counts. What counts is what was known at the release. */
export function limitRule(bounds: Bounds, findings: Findings, tally: LimitTally): Rule {
  const active = new Map<string, number>();
  const releases = new Map<string, number[]>();
  /** An attempt leaves what it had entered, whatever the definitions say by then. */
  const entered = new Map<string, readonly Under[]>();

  const leave = (run: Run) => {
    for (const { key } of entered.get(run.id) ?? []) active.set(key, (active.get(key) ?? 1) - 1);
    entered.delete(run.id);
  };
  const enter = (run: Run, { stored }: Step, atMs: number) => {
    const under = limitsOf(run, bounds);
    entered.set(run.id, under);
    for (const { kind, key, most, rate } of under) {
      const now = (active.get(key) ?? 0) + 1;
      active.set(key, now);
      if (most > 0 && now === most) tally.full.set(kind, (tally.full.get(kind) ?? 0) + 1);
      if (most > 0 && now > most)
        findings.add('limit-exceeded', stored, `${run.id}: ${now} under ${key}, not ${most}`);
      if (rate === undefined) continue;
      const before = releases.get(key) ?? [];
      releases.set(key, before);
      const first = before.at(-rate.count);
      if (first !== undefined && atMs < first + rate.perMs)
        findings.add(
          'rate-exceeded',
          stored,
          `${run.id}: ${key} had ${rate.count} within ${atMs - first} ms, not ${rate.perMs}`,
        );
      before.push(atMs);
    }
  };

  return (step, run) => {
    bounds.knowUpTo(step.inputs.definitionsSeq);
    const { event, stored } = step;
    if (run === undefined) return;
    switch (event.$typeName) {
      case 'dispatch.v1.AttemptReleased':
        leave(run);
        if (bounds.pool(run.account, run.pool).paused)
          findings.add('pool-paused', stored, `${run.id}: ${run.pool} is paused`);
        enter(run, step, event.releasedAtMs);
        return;
      case 'dispatch.v1.AttemptClosed':
      case 'dispatch.v1.AttemptLost':
      case 'dispatch.v1.ExecutionFinished':
        leave(run);
        return;
      default:
    }
  };
}

function limitsOf(run: Run, bounds: Bounds): Under[] {
  const { account, taskId, pool, type, limits } = run;
  const { maxConcurrent, maxBrowserSessions } = bounds.account(account);
  const isBrowser = type === t.TaskType.BROWSER_AUTOMATION;
  return [
    { kind: 'task', key: `task ${account}/${taskId}`, most: bounds.task(account, taskId) },
    { kind: 'account', key: `account ${account}`, most: maxConcurrent },
    {
      kind: 'pool',
      key: `pool ${account}/${pool}`,
      most: bounds.pool(account, pool).maxConcurrent,
    },
    ...(isBrowser
      ? [{ kind: 'browser', key: `browsers of ${account}`, most: maxBrowserSessions } as const]
      : []),
    ...limits.flatMap(({ limitId, key }): Under[] => {
      const named = bounds.limit(account, limitId);
      if (named === undefined) return [];
      const { maxConcurrent: most, rate } = named;
      return [{ kind: 'named', key: `limit ${account}/${limitId} of "${key}"`, most, rate }];
    }),
  ];
}
