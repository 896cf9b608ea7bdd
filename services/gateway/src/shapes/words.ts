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
  'success',
  'failed',
  'timeout',
  'cancelled',
  'skipped',
] as const;
export type ExecutionStatusWord = (typeof executionStatuses)[number];

/** REST tells a run between two attempts as `queued`, with `retryAt`: its contract has no other word. */
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

export const triggers = ['scheduled', 'manual', 'retry', 'catch_up'] as const;
export type TriggerWord = (typeof triggers)[number];

export const priorities = ['low', 'normal', 'high', 'critical'] as const;
export type PriorityWord = (typeof priorities)[number];

export const dstPolicyWords = ['vixie', 'skip', 'wall'] as const;
export type DstPolicyWord = (typeof dstPolicyWords)[number];

/** From the least to the most severe. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevelWord = (typeof logLevels)[number];
