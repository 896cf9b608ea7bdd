/** Closed sets of the API and what people call them. */
export const taskTypes = ['browser_automation', 'workflow', 'system'] as const;
export type TaskType = (typeof taskTypes)[number];

export const taskTypeLabel: Record<TaskType, string> = {
  browser_automation: 'Browser automation',
  workflow: 'Workflow',
  system: 'System task',
};

export const triggers = ['scheduled', 'manual', 'retry', 'catch_up', 'backfill', 'parent'] as const;
export type Trigger = (typeof triggers)[number];

export const triggerLabel: Record<Trigger, string> = {
  scheduled: 'Schedule',
  manual: 'By hand',
  retry: 'Retry',
  catch_up: 'Catch-up',
  parent: 'Workflow',
  backfill: 'Backfill',
};

export const priorities = ['low', 'normal', 'high', 'critical'] as const;
export type Priority = (typeof priorities)[number];

export const priorityLabel: Record<Priority, string> = {
  low: 'Low',
  normal: 'Normal',
  high: 'High',
  critical: 'Critical',
};

export const slotOutcomes = ['fired', 'skipped', 'missed'] as const;
export type SlotOutcome = (typeof slotOutcomes)[number];

export const isSlotOutcome = (text: string): text is SlotOutcome =>
  (slotOutcomes as readonly string[]).includes(text);

interface WrittenSchedule {
  cron: string;
  every: string | null;
  at: string | null;
  rrule: string | null;
}

/** A schedule as its author wrote it. */
export const writtenAs = ({ cron, every, at, rrule }: WrittenSchedule): string =>
  cron || (every ? `every ${every}` : (at ?? rrule ?? ''));

export const deadLetterStatuses = ['open', 'redriven', 'discarded'] as const;
export type DeadLetterStatus = (typeof deadLetterStatuses)[number];

export const deadLetterCauses = ['exhausted', 'final', 'poison', 'deadline'] as const;
export type DeadLetterCause = (typeof deadLetterCauses)[number];

const isolations: Record<string, string> = {
  none: 'nothing',
  limits: 'limits',
  sandbox: 'a sandbox',
};

/** What holds a program. */
export const isolationLabel = (tier: string): string => isolations[tier] ?? tier;

/** Why an execution never ran. */
const skipCauses: Record<string, string> = {
  overlap: 'the run before was still going',
  task_deleted: 'the task was deleted',
  target_missing: 'what it should run does not exist',
  buffer_full: 'enough runs of it were waiting already',
  superseded: 'a later run took its place while it waited',
  start_deadline: 'it had not started by its start deadline',
};

export const skipCauseLabel = (cause: string): string =>
  skipCauses[cause] ?? cause.replaceAll('_', ' ');
