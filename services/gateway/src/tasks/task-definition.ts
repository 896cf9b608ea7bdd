import { create, task as t } from '#libs/contracts';
import { TASK_DEFAULTS } from '#libs/domain';
import {
  completeSchedule,
  type DefinedSchedule,
  loggedSchedule,
} from '../schedules/schedule-definition.js';
import { type TaskInputShape, type TaskPatchShape } from '../shapes/task-input.js';
import { type PriorityWord, type TaskTypeWord } from '../shapes/words.js';
import {
  DEFAULT_RETRIES,
  type DefinedEnds,
  type DefinedRetryPolicy,
  loggedEnds,
  loggedRetryPolicy,
  patchEnds,
} from './retry-definition.js';

/** A task as the API speaks of it, complete: every default is filled in. */
export interface TaskDefinition {
  readonly name: string;
  readonly description: string;
  readonly type: TaskTypeWord;
  readonly target: { automationId?: string; workflowId?: string; systemTask?: string };
  readonly schedules: readonly DefinedSchedule[];
  readonly parameters: Record<string, unknown>;
  readonly settings: DefinedSettings;
  readonly enabled: boolean;
}

/** In the units of the API: timeout in minutes, delays in seconds. */
export interface DefinedSettings extends DefinedEnds {
  readonly timeout: number;
  readonly retryPolicy: DefinedRetryPolicy;
  readonly notifications: {
    readonly onSuccess: boolean;
    readonly onFailure: boolean;
    readonly channels: readonly string[];
  };
  readonly concurrencyLimit?: number;
  readonly priority: PriorityWord;
  readonly pauseAfterFailures?: number;
  /** Those that the task sets; the others are defaults of its type. */
  readonly limits?: DefinedLimits;
  /** Absent: that of its type. */
  readonly pool?: string;
  /** Absent: none. */
  readonly limitIds?: readonly string[];
  /** In the order of their keys; absent: none. */
  readonly requiredLabels?: readonly DefinedLabel[];
}

export interface DefinedLabel {
  readonly key: string;
  readonly value: string;
}

export type LimitName = 'cpuSeconds' | 'memoryMb' | 'diskMb' | 'processes';
export type DefinedLimits = Partial<Readonly<Record<LimitName, number>>>;

const DEFAULT_SETTINGS: DefinedSettings = {
  timeout: TASK_DEFAULTS.timeoutMs / 60_000,
  retryPolicy: DEFAULT_RETRIES,
  notifications: { onSuccess: false, onFailure: false, channels: [] },
  priority: 'normal',
};

const EMPTY = {
  description: '',
  schedules: [],
  parameters: {},
  settings: DEFAULT_SETTINGS,
  enabled: true,
} as const;

/** POST and PUT: what is left out is as a new task has it. */
export function completeTask(input: TaskInputShape): TaskDefinition {
  return patchTask({ ...EMPTY, name: input.name, type: input.type, target: input.target }, input);
}

/** PATCH: what is left out stays. Parameters, target and schedules are replaced, settings merged. */
export function patchTask(current: TaskDefinition, patch: TaskPatchShape): TaskDefinition {
  const schedules = patch.schedules ?? (patch.schedule && [patch.schedule]);
  return {
    name: patch.name ?? current.name,
    description: patch.description ?? current.description,
    type: patch.type ?? current.type,
    target: definedOnly(patch.target ?? current.target),
    schedules: schedules?.map(completeSchedule) ?? current.schedules,
    parameters: patch.parameters ?? current.parameters,
    settings: patchSettings(current.settings, patch.settings ?? {}),
    enabled: patch.enabled ?? current.enabled,
  };
}

function patchSettings(
  current: DefinedSettings,
  patch: NonNullable<TaskPatchShape['settings']>,
): DefinedSettings {
  const { concurrencyLimit: limit, pauseAfterFailures: failures, ...rest } = current;
  const concurrencyLimit = patch.concurrencyLimit === undefined ? limit : patch.concurrencyLimit;
  const pauseAfterFailures =
    patch.pauseAfterFailures === undefined ? failures : patch.pauseAfterFailures;
  return {
    timeout: patch.timeout ?? rest.timeout,
    priority: patch.priority ?? rest.priority,
    retryPolicy: { ...rest.retryPolicy, ...definedOnly(patch.retryPolicy ?? {}) },
    notifications: { ...rest.notifications, ...definedOnly(patch.notifications ?? {}) },
    ...(concurrencyLimit == null ? {} : { concurrencyLimit }),
    ...(pauseAfterFailures == null ? {} : { pauseAfterFailures }),
    ...patchEnds(current, patch),
    ...patchLimits(current.limits, patch.limits),
    ...patchCapacity(current, patch),
    ...patchLabels(patch.requiredLabels ?? current.requiredLabels ?? []),
  };
}

function patchLabels(labels: readonly DefinedLabel[]): Pick<DefinedSettings, 'requiredLabels'> {
  if (labels.length === 0) return {};
  return { requiredLabels: labels.toSorted((one, other) => (one.key < other.key ? -1 : 1)) };
}

/** Null takes the pool back to that of the type. */
function patchCapacity(
  current: Pick<DefinedSettings, 'pool' | 'limitIds'>,
  patch: { pool?: string | null | undefined; limitIds?: readonly string[] | undefined },
): Pick<DefinedSettings, 'pool' | 'limitIds'> {
  const pool = patch.pool === undefined ? current.pool : patch.pool;
  const limitIds = patch.limitIds ?? current.limitIds ?? [];
  return { ...(pool == null ? {} : { pool }), ...(limitIds.length > 0 ? { limitIds } : {}) };
}

/** Null takes a limit back to its default. */
function patchLimits(
  current: DefinedLimits = {},
  patch: Partial<Record<LimitName, number | null | undefined>> = {},
): { limits?: DefinedLimits } {
  const limits = Object.fromEntries(
    Object.entries({ ...current, ...definedOnly(patch) }).filter(([, value]) => value !== null),
  );
  return Object.keys(limits).length === 0 ? {} : { limits };
}

function definedOnly<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

const TYPES: Record<TaskTypeWord, t.TaskType> = {
  browser_automation: t.TaskType.BROWSER_AUTOMATION,
  workflow: t.TaskType.WORKFLOW,
  system: t.TaskType.SYSTEM,
};

const PRIORITIES: Record<PriorityWord, t.Priority> = {
  low: t.Priority.LOW,
  normal: t.Priority.NORMAL,
  high: t.Priority.HIGH,
  critical: t.Priority.CRITICAL,
};

/** Unset: the task's own. */
export function priorityOf(word: PriorityWord | undefined): t.Priority {
  return word === undefined ? t.Priority.UNSPECIFIED : PRIORITIES[word];
}

/** The same in the words of the log. */
export function draftOf(task: TaskDefinition): t.TaskDraft {
  const { settings } = task;
  const { retryPolicy, notifications } = settings;
  return create(t.TaskDraftSchema, {
    name: task.name,
    description: task.description,
    type: TYPES[task.type],
    target: create(t.TargetSchema, task.target),
    parametersJson: JSON.stringify(task.parameters),
    settings: create(t.SettingsSchema, {
      timeoutMs: settings.timeout * 60_000,
      retryPolicy: loggedRetryPolicy(retryPolicy),
      ...loggedEnds(settings),
      notifications: { ...notifications, channels: [...notifications.channels] },
      concurrencyLimit: settings.concurrencyLimit ?? 0,
      priority: PRIORITIES[settings.priority],
      pauseAfterFailures: settings.pauseAfterFailures ?? 0,
      pool: settings.pool ?? '',
      limitIds: [...(settings.limitIds ?? [])],
      requiredLabels: (settings.requiredLabels ?? []).map(({ key, value }) =>
        create(t.LabelSchema, { key, value }),
      ),
      ...(settings.limits && { limits: create(t.LimitsSchema, settings.limits) }),
    }),
    schedules: task.schedules.map(loggedSchedule),
    enabled: task.enabled,
  });
}
