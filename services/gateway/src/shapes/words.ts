/** The closed sets of words of the API, spelled once. */

export const taskTypes = ['browser_automation', 'workflow', 'system'] as const;
export type TaskTypeWord = (typeof taskTypes)[number];

/** `disabled` is what a deleted task is told as; lists and look-ups hide it. */
export const taskStatuses = ['active', 'paused', 'disabled'] as const;
export type TaskStatusWord = (typeof taskStatuses)[number];

export const executionStatuses = [
  'queued',
  'running',
  'retrying',
  'waiting',
  'success',
  'failed',
  'timeout',
  'cancelled',
  'skipped',
] as const;
export type ExecutionStatusWord = (typeof executionStatuses)[number];

/**
 * REST tells a run between two attempts as `queued`, with `retryAt`, and a run of a workflow that waits as
 * `running`: its contract has no other words.
 */
export const restStatuses = [
  'queued',
  'running',
  'success',
  'failed',
  'timeout',
  'cancelled',
  'skipped',
] as const;
export type RestStatusWord = (typeof restStatuses)[number];

export const triggers = ['scheduled', 'manual', 'retry', 'catch_up', 'backfill', 'parent'] as const;
export type TriggerWord = (typeof triggers)[number];

export const priorities = ['low', 'normal', 'high', 'critical'] as const;
export type PriorityWord = (typeof priorities)[number];

export const dstPolicyWords = ['vixie', 'skip', 'wall'] as const;
export type DstPolicyWord = (typeof dstPolicyWords)[number];

export const catchUpModes = ['none', 'latest', 'all'] as const;
export const overlapPolicies = [
  'skip',
  'buffer_one',
  'buffer_all',
  'cancel_other',
  'terminate_other',
  'allow_all',
] as const;
export const calendarRoles = ['include', 'exclude'] as const;
export const calendarActions = ['skip', 'at_end', 'next_day'] as const;
/** Whom a maintenance holds. */
export const scopes = ['account', 'system'] as const;
export type ScopeWord = (typeof scopes)[number];
/** What becomes of the slots of a maintenance when it ends. */
export const aftermaths = ['skip', 'latest', 'all'] as const;
/** What will become of a slot ahead. */
export const verdicts = ['runs', 'moved', 'held', 'skipped'] as const;
export const slotOutcomes = ['fired', 'skipped', 'missed'] as const;
export const backfillOrders = ['forward', 'backward'] as const;
/** Which slots a backfill runs: those that never ran, those that did not succeed, or every one. */
export const reprocessWords = ['none', 'failed', 'all'] as const;

/** What becomes of a run beyond a rate. */
export const rateExcesses = ['wait', 'skip'] as const;
/** What a run that is queued waits for. */
export const waitCauses = [
  'slot',
  'worker',
  'task_limit',
  'account_limit',
  'browser_limit',
  'pool_limit',
  'pool_paused',
  'limit',
  'rate',
  'maintenance',
  'earlier_run',
  'instant',
  'timer',
  'event',
  'children',
] as const;
export type WaitCauseWord = (typeof waitCauses)[number];
export const deadLetterCauses = ['exhausted', 'final', 'poison', 'deadline'] as const;
export type DeadLetterCauseWord = (typeof deadLetterCauses)[number];
export const deadLetterStatuses = ['open', 'redriven', 'discarded'] as const;
export type DeadLetterStatusWord = (typeof deadLetterStatuses)[number];

/** From the least to the most severe. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevelWord = (typeof logLevels)[number];
