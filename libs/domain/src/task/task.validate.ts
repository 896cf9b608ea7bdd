/** What makes a draft unfit. The gateway says it with more words; here nothing unfit gets past. */
import { task as t } from '#libs/contracts';
import { validateTiming } from '#libs/cron';
import { type Rejection, reject } from '../decider.js';
import { isBuiltInPool } from '../pool/pool.js';
import { SYSTEM_TASKS, TASK_LIMITS } from './limits.js';
import { retriesInvalid } from './retry.validate.js';
import { timingOf, waysToSayWhen } from './timing.js';

export type TaskRejectionCode =
  | 'task-unknown'
  | 'schedule-unknown'
  | 'name-invalid'
  | 'description-too-long'
  | 'target-invalid'
  | 'parameters-invalid'
  | 'settings-invalid'
  | 'pool-not-there'
  | 'limit-not-there'
  | 'workflow-not-there'
  | 'schedule-invalid'
  | 'too-many-schedules';

type Refusal = Rejection<TaskRejectionCode> | undefined;

/** What else the account has: custom pools by name, limits by id. */
export interface Surroundings {
  readonly pools: ReadonlySet<string>;
  readonly limits: ReadonlySet<string>;
  /** Undefined: they were not looked at. */
  readonly workflows?: ReadonlySet<string>;
}

/** The first fault of a draft; undefined when it is fit. Without surroundings, names are not looked up. */
export function invalidity(draft: t.TaskDraft, around?: Surroundings): Refusal {
  return (
    nameInvalid(draft) ??
    targetInvalid(draft) ??
    parametersInvalid(draft.parametersJson) ??
    settingsInvalid(draft.settings) ??
    namesInvalid(draft.settings, around) ??
    workflowInvalid(draft.target, around) ??
    schedulesInvalid(draft.schedules)
  );
}

function nameInvalid({ name, description }: t.TaskDraft): Refusal {
  if (name.trim() === '' || name.length > TASK_LIMITS.nameLength)
    return reject('name-invalid', `A name has 1 to ${TASK_LIMITS.nameLength} characters.`, '/name');
  if (description.length > TASK_LIMITS.descriptionLength)
    return reject(
      'description-too-long',
      `A description has at most ${TASK_LIMITS.descriptionLength} characters.`,
      '/description',
    );
  return undefined;
}

function targetInvalid({ type, target }: t.TaskDraft): Refusal {
  const no = (message: string, field: string) => reject('target-invalid', message, field);
  switch (type) {
    case t.TaskType.BROWSER_AUTOMATION:
      return target?.automationId
        ? undefined
        : no('A browser automation task names the automation it runs.', '/target/automationId');
    case t.TaskType.SYSTEM:
      return (SYSTEM_TASKS as readonly string[]).includes(target?.systemTask ?? '')
        ? undefined
        : no(`A system task is one of ${SYSTEM_TASKS.join(', ')}.`, '/target/systemTask');
    case t.TaskType.WORKFLOW:
      return target?.workflowId
        ? undefined
        : no('A workflow task names the workflow it runs.', '/target/workflowId');
    default:
      return no('A task has type browser_automation, workflow or system.', '/type');
  }
}

function workflowInvalid(target: t.Target | undefined, around?: Surroundings): Refusal {
  const { workflowId = '' } = target ?? {};
  if (workflowId === '' || (around?.workflows?.has(workflowId) ?? true)) return undefined;
  return reject('workflow-not-there', 'There is no such workflow.', '/target/workflowId');
}

function parametersInvalid(json: string, field = '/parameters'): Refusal {
  const no = (message: string) => reject('parameters-invalid', message, field);
  if (Buffer.byteLength(json) > TASK_LIMITS.parametersBytes)
    return no(`Parameters have at most ${TASK_LIMITS.parametersBytes} bytes.`);
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return no('Parameters are a JSON object.');
  } catch {
    return no('Parameters are a JSON object.');
  }
  return undefined;
}

const LABEL_KEY = /^[A-Za-z0-9_-]{1,64}$/;

function settingsInvalid(settings: t.Settings | undefined): Refusal {
  const no = (message: string, field: string) =>
    reject('settings-invalid', message, `/settings/${field}`);
  if (settings === undefined) return no('Settings are missing.', '');
  const { timeoutMs, concurrencyLimit } = settings;
  if (!within(timeoutMs, TASK_LIMITS.timeoutMs))
    return no('A timeout is between 1 second and 7 days.', 'timeout');
  const unfit = retriesInvalid(settings);
  if (unfit) return unfit;
  if (concurrencyLimit > TASK_LIMITS.concurrencyLimit)
    return no(`At most ${TASK_LIMITS.concurrencyLimit} runs at a time.`, 'concurrencyLimit');
  if (settings.pauseAfterFailures > TASK_LIMITS.pauseAfterFailures)
    return no(`Between 0 and ${TASK_LIMITS.pauseAfterFailures} failures.`, 'pauseAfterFailures');
  if ((settings.notifications?.channels.length ?? 0) > TASK_LIMITS.channels)
    return no(`At most ${TASK_LIMITS.channels} channels.`, 'notifications/channels');
  return labelsInvalid(settings.requiredLabels) ?? limitsInvalid(settings.limits);
}

/** In the order of their keys: the same wish is always the same words. */
function labelsInvalid(labels: readonly t.Label[]): Refusal {
  const isFit = labels.every(
    ({ key, value }, at) =>
      LABEL_KEY.test(key) &&
      value.length > 0 &&
      value.length <= TASK_LIMITS.labelChars &&
      (at === 0 || (labels[at - 1]?.key ?? '') < key),
  );
  if (isFit && labels.length <= TASK_LIMITS.labels) return undefined;
  return reject(
    'settings-invalid',
    `At most ${TASK_LIMITS.labels} labels, each key once, keys and values of 1 to ${TASK_LIMITS.labelChars} characters.`,
    '/settings/requiredLabels',
  );
}

/** The pool and the limits that it names. */
function namesInvalid(settings: t.Settings | undefined, around: Surroundings | undefined): Refusal {
  const { pool = '', limitIds = [] } = settings ?? {};
  if (limitIds.length > TASK_LIMITS.limits || new Set(limitIds).size < limitIds.length)
    return reject(
      'settings-invalid',
      `At most ${TASK_LIMITS.limits} limits, each named once.`,
      '/settings/limitIds',
    );
  if (around === undefined) return undefined;
  if (pool !== '' && !isBuiltInPool(pool) && !around.pools.has(pool))
    return reject(
      'pool-not-there',
      'There is no pool of this name. Make it first, or leave the pool out.',
      '/settings/pool',
    );
  const place = limitIds.findIndex((id) => !around.limits.has(id));
  if (place >= 0)
    return reject(
      'limit-not-there',
      'There is no limit with this id. Make it first, or take it out.',
      `/settings/limitIds/${place}`,
    );
  return undefined;
}

/** 0: the default of the task's type. */
function limitsInvalid(limits: t.Limits | undefined): Refusal {
  for (const name of ['cpuSeconds', 'memoryMb', 'diskMb', 'processes'] as const) {
    const value = limits?.[name] ?? 0;
    const { min, max } = TASK_LIMITS[name];
    if (value !== 0 && (value < min || value > max))
      return reject('settings-invalid', `Between ${min} and ${max}.`, `/settings/limits/${name}`);
  }
  return undefined;
}

function within(value: number, { min, max }: { min: number; max: number }): boolean {
  return value >= min && value <= max;
}

function schedulesInvalid(schedules: readonly t.Schedule[]): Refusal {
  if (schedules.length > TASK_LIMITS.schedules)
    return reject(
      'too-many-schedules',
      `A task has at most ${TASK_LIMITS.schedules} schedules.`,
      '/schedules',
    );
  for (const [place, schedule] of schedules.entries()) {
    const refused = scheduleInvalid(schedule, `/schedules/${place}`);
    if (refused) return refused;
  }
  return undefined;
}

function scheduleInvalid(schedule: t.Schedule, at: string): Refusal {
  const no = (message: string, field: string) =>
    reject('schedule-invalid', message, `${at}/${field}`);
  if (waysToSayWhen(schedule) > 1)
    return no('A schedule says when in one way: cron, every, at or rrule.', 'cron');
  const timing = validateTiming(timingOf(schedule));
  const problem = timing.ok ? undefined : timing.problems[0];
  if (problem) return no(`${problem.message} ${problem.remedy}`.trim(), problem.field);
  const { untilMs, fromMs, maxRuns, startDeadlineMs, spreadMs, jitterMs } = schedule;
  if (untilMs > 0 && untilMs < fromMs) return no('It ends before it begins.', 'until');
  if (maxRuns > TASK_LIMITS.maxRuns)
    return no(`At most ${TASK_LIMITS.maxRuns} runs can be counted; use until.`, 'maxRuns');
  if (startDeadlineMs < 0 || startDeadlineMs > TASK_LIMITS.policyMs)
    return no('A start deadline is between 0 and 30 days.', 'startDeadline');
  if (spreadMs < 0 || spreadMs > TASK_LIMITS.spreadMs)
    return no('A spread is between 0 and 24 hours.', 'spread');
  if (jitterMs < 0 || jitterMs > TASK_LIMITS.spreadMs)
    return no('A jitter is between 0 and 24 hours.', 'jitter');
  const { windowMs = 0, limit = 0 } = schedule.catchUp ?? {};
  if (windowMs < 0 || windowMs > TASK_LIMITS.catchUpWindowMs)
    return no('A catch-up window is between 0 and 366 days.', 'catchUp/window');
  if (limit > TASK_LIMITS.catchUpLimit)
    return no(`At most ${TASK_LIMITS.catchUpLimit} slots are caught up.`, 'catchUp/limit');
  if ((schedule.overlap?.bufferLimit ?? 0) > TASK_LIMITS.bufferLimit)
    return no(`At most ${TASK_LIMITS.bufferLimit} runs may wait.`, 'overlap/bufferLimit');
  if (schedule.calendars.length > TASK_LIMITS.calendars)
    return no(`A schedule uses at most ${TASK_LIMITS.calendars} calendars.`, 'calendars');
  return schedule.parametersJson === ''
    ? undefined
    : parametersInvalid(schedule.parametersJson, `${at}/parameters`);
}
