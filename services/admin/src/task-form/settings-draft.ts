/**
 * How a task runs, as the form holds it: empty fields are what the server has by default, and are
 * asked for by being left out. Pure.
 */
import type { TaskWhole } from '../tasks/task-document.js';
import type { Priority } from '../words.js';

type Settings = TaskWhole['settings'];
type Field = number | '';

export const limitNames = ['cpuSeconds', 'memoryMb', 'diskMb', 'processes'] as const;
export type LimitName = (typeof limitNames)[number];

export interface SettingsDraft {
  /** Minutes. */
  timeout: Field;
  totalDeadline: Field;
  startDeadline: Field;
  /** Seconds. */
  stopGrace: Field;
  maxRetries: Field;
  initialDelay: Field;
  backoffMultiplier: Field;
  maxDelay: Field;
  /** Per cent. */
  jitter: Field;
  /** Codes, as they are typed. */
  finalErrors: string;
  retriedErrors: string;
  timeoutIsFinal: boolean;
  lossIsFinal: boolean;
  deadLetter: boolean;
  limits: Record<LimitName, Field>;
  /** Empty: that of the type. */
  pool: string;
  limitIds: readonly string[];
  /** `key=value`, as they are typed. */
  requiredLabels: string;
  concurrencyLimit: Field;
  pauseAfterFailures: Field;
  priority: Priority;
  /** Kept as they are until there is a place to change them. */
  notifications: { onSuccess: boolean; onFailure: boolean; channels: string[] };
}

const NO_LIMITS: SettingsDraft['limits'] = {
  cpuSeconds: '',
  memoryMb: '',
  diskMb: '',
  processes: '',
};

export const newSettings = (): SettingsDraft => ({
  timeout: 5,
  totalDeadline: '',
  startDeadline: '',
  stopGrace: '',
  maxRetries: 3,
  initialDelay: 10,
  backoffMultiplier: 2,
  maxDelay: 300,
  jitter: '',
  finalErrors: '',
  retriedErrors: '',
  timeoutIsFinal: false,
  lossIsFinal: false,
  deadLetter: true,
  limits: NO_LIMITS,
  pool: '',
  limitIds: [],
  requiredLabels: '',
  concurrencyLimit: '',
  pauseAfterFailures: '',
  priority: 'normal',
  notifications: { onSuccess: false, onFailure: true, channels: [] },
});

const PER_CENT = 100;

export function settingsDraft(settings: Settings): SettingsDraft {
  const { retryPolicy: retry, limits } = settings;
  return {
    timeout: settings.timeout,
    totalDeadline: settings.totalDeadline ?? '',
    startDeadline: settings.startDeadline ?? '',
    stopGrace: settings.stopGrace ?? '',
    maxRetries: retry.maxRetries,
    initialDelay: retry.initialDelay,
    backoffMultiplier: retry.backoffMultiplier,
    maxDelay: retry.maxDelay,
    jitter: retry.jitter === null ? '' : Math.round(retry.jitter * PER_CENT),
    finalErrors: (retry.finalErrors ?? []).join(', '),
    retriedErrors: (retry.retriedErrors ?? []).join(', '),
    timeoutIsFinal: retry.timeoutIsFinal ?? false,
    lossIsFinal: retry.lossIsFinal ?? false,
    deadLetter: settings.deadLetter ?? true,
    limits: {
      cpuSeconds: limits?.cpuSeconds ?? '',
      memoryMb: limits?.memoryMb ?? '',
      diskMb: limits?.diskMb ?? '',
      processes: limits?.processes ?? '',
    },
    pool: settings.pool ?? '',
    limitIds: settings.limitIds ?? [],
    requiredLabels: (settings.requiredLabels ?? [])
      .map(({ key, value }) => `${key}=${value}`)
      .join(', '),
    concurrencyLimit: settings.concurrencyLimit ?? '',
    pauseAfterFailures: settings.pauseAfterFailures ?? '',
    priority: settings.priority,
    notifications: settings.notifications,
  };
}

const given = <T>(value: T | ''): T | undefined => (value === '' ? undefined : value);

/** Codes between commas or blanks, each once; none is said by saying nothing. */
export function codesIn(text: string): string[] | undefined {
  const codes = [...new Set(text.split(/[\s,]+/).filter(Boolean))];
  return codes.length === 0 ? undefined : codes;
}

/** `region=eu, gpu` as keys and values; a key without a value has an empty one. */
export function labelsIn(text: string): { key: string; value: string }[] | undefined {
  const labels = (codesIn(text) ?? []).map((label) => {
    const [key = '', ...value] = label.split('=');
    return { key, value: value.join('=') };
  });
  return labels.length === 0 ? undefined : labels;
}

function limitsInput(
  limits: SettingsDraft['limits'],
): Partial<Record<LimitName, number>> | undefined {
  const entries = limitNames.flatMap((name) => {
    const value = given(limits[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

export function settingsInput(draft: SettingsDraft) {
  const { onSuccess, onFailure, channels } = draft.notifications;
  const jitter = given(draft.jitter);
  return {
    timeout: given(draft.timeout),
    totalDeadline: given(draft.totalDeadline),
    startDeadline: given(draft.startDeadline),
    stopGrace: given(draft.stopGrace),
    retryPolicy: {
      maxRetries: given(draft.maxRetries),
      initialDelay: given(draft.initialDelay),
      backoffMultiplier: given(draft.backoffMultiplier),
      maxDelay: given(draft.maxDelay),
      jitter: jitter === undefined ? undefined : jitter / PER_CENT,
      finalErrors: codesIn(draft.finalErrors),
      retriedErrors: codesIn(draft.retriedErrors),
      timeoutIsFinal: draft.timeoutIsFinal || undefined,
      lossIsFinal: draft.lossIsFinal || undefined,
    },
    deadLetter: draft.deadLetter ? undefined : false,
    limits: limitsInput(draft.limits),
    pool: draft.pool || undefined,
    limitIds: draft.limitIds.length > 0 ? [...draft.limitIds] : undefined,
    requiredLabels: labelsIn(draft.requiredLabels),
    notifications: { onSuccess, onFailure, channels },
    concurrencyLimit: given(draft.concurrencyLimit),
    pauseAfterFailures: given(draft.pauseAfterFailures),
    priority: draft.priority,
  };
}

export interface RetryDelay {
  /** Seconds; jitter takes off up to its share. */
  least: number;
  most: number;
}

const MAX_SHOWN_RETRIES = 20;
/** The longest delay there is: 30 days. */
const LONGEST_S = 30 * 86_400;

/** How long each further attempt waits after the end of the one before. */
export function retryDelays(draft: SettingsDraft): RetryDelay[] {
  const first = Number(draft.initialDelay || 0);
  const factor = Number(draft.backoffMultiplier || 1);
  const cap = Math.min(Number(draft.maxDelay || LONGEST_S), LONGEST_S);
  const jitter = Math.min(1, Number(draft.jitter || 0) / PER_CENT);
  const count = Math.min(Number(draft.maxRetries || 0), MAX_SHOWN_RETRIES);
  return Array.from({ length: count }, (_, retry) => {
    const most = Math.min(cap, first * factor ** retry);
    return { least: most * (1 - jitter), most };
  });
}
