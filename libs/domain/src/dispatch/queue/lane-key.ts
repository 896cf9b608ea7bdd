/** What executions have in common that are blocked by the same. */
import { dispatch as d } from '#libs/contracts';
import type { Execution } from '../execution.js';

/** Whether a rate that skips makes it wait: it was let in before, or belongs to a list that is to be run. */
export function isPaced({ attempt, trigger }: Execution): boolean {
  return attempt > 0 || trigger === d.Trigger.BACKFILL || trigger === d.Trigger.RETRY;
}

/** Those with the same key are blocked by the same. */
export function laneKeyOf({ account, priority, spec, limits, serial, trigger }: Execution): string {
  const held = isHeldByMaintenance(trigger) ? 'h' : '';
  const keys = limits.map(({ limitId, key }) => `${limitId}=${key}`).join('\0');
  return `${account}|${priority}|${spec.taskId}|${held}${serial ? 's' : ''}|${labelsOf(spec)}|${keys}`;
}

/** A maintenance holds what schedules started; what people start by hand goes on. */
export function isHeldByMaintenance(trigger: d.Trigger): boolean {
  return trigger === d.Trigger.SCHEDULED || trigger === d.Trigger.CATCH_UP;
}

export function labelsOf({ settings }: d.ExecutionSpec): string {
  return (settings?.requiredLabels ?? []).map(({ key, value }) => `${key}=${value}`).join(',');
}
