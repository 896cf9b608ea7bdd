/**
 * What the form holds, and how it becomes the input of the API. Texts stay as they were typed: a
 * cron expression is never rewritten, and a number that is not one yet is still what is shown.
 * Pure.
 */
import type { TaskWhole } from '../tasks/task-document.js';
import type { TaskType } from '../words.js';
import { messages } from './messages.js';
import { newSettings, type SettingsDraft, settingsDraft, settingsInput } from './settings-draft.js';

export const scheduleKinds = ['cron', 'every', 'at', 'rrule'] as const;
export type ScheduleKind = (typeof scheduleKinds)[number];

type WholeSchedule = TaskWhole['whole'][number];

export interface ScheduleDraft {
  /** Names the row in the form; the server's id of a saved one. */
  key: string;
  id: string | undefined;
  kind: ScheduleKind;
  cron: string;
  every: string;
  at: string;
  rrule: string;
  start: string;
  timezone: string;
  dst: string;
  enabled: boolean;
  /** Its policies, and what the form has no field for: untouched, it goes back as it came. */
  kept: Partial<WholeSchedule>;
}

export interface Draft extends SettingsDraft {
  name: string;
  description: string;
  type: TaskType;
  automationId: string;
  workflowId: string;
  systemTask: string;
  parameters: Record<string, unknown>;
  /** What stands in the JSON editor, when it does not read as an object. */
  parametersText: string | undefined;
  schedules: readonly ScheduleDraft[];
  enabled: boolean;
}

export const newDraft = (): Draft => ({
  name: '',
  description: '',
  type: 'browser_automation',
  automationId: '',
  workflowId: '',
  systemTask: 'http.request',
  parameters: {},
  parametersText: undefined,
  schedules: [],
  ...newSettings(),
  enabled: true,
});

export function newSchedule(timezone: string, key: string): ScheduleDraft {
  return {
    key,
    id: undefined,
    kind: 'cron',
    cron: '0 9 * * *',
    every: '15m',
    at: '',
    rrule: 'FREQ=MONTHLY;BYDAY=-1FR',
    start: '',
    timezone,
    dst: 'vixie',
    enabled: true,
    kept: {},
  };
}

const kindOf = ({ every, at, rrule }: WholeSchedule): ScheduleKind =>
  every ? 'every' : at ? 'at' : rrule ? 'rrule' : 'cron';

function scheduleOf(schedule: WholeSchedule): ScheduleDraft {
  const { id, cron, every, at, rrule, start, timezone, dst, enabled, ...kept } = schedule;
  const kind = kindOf(schedule);
  const texts = newSchedule(timezone, id);
  return {
    ...texts,
    id,
    kind,
    cron: kind === 'cron' ? cron : texts.cron,
    every: every ?? texts.every,
    at: at ?? texts.at,
    rrule: rrule ?? texts.rrule,
    start: start ?? texts.start,
    dst,
    enabled,
    kept,
  };
}

/** The texts of the other kinds stay in the form, and are not sent. */
function scheduleInput({ id, kind, timezone, dst, enabled, kept, ...texts }: ScheduleDraft) {
  const { anchor, parameters, ...rest } = kept;
  const input = withoutNulls({
    ...rest,
    ...(id === undefined ? {} : { id }),
    ...(kind === 'cron' ? { cron: texts.cron } : {}),
    ...(kind === 'every' ? { every: texts.every, anchor } : {}),
    ...(kind === 'at' ? { at: texts.at } : {}),
    ...(kind === 'rrule' ? { rrule: texts.rrule, start: texts.start } : {}),
    timezone,
    dst,
    enabled,
  });
  // A null inside the parameters is their author's own.
  return parameters ? { ...input, parameters } : input;
}

const PREVIEWED = 6;

/** What the server is asked about an edit; undefined when nothing of the schedule was edited. */
export function changeInput(before: ScheduleDraft | undefined, after: ScheduleDraft) {
  if (before === undefined || after.id === undefined) return undefined;
  const { count: _, ...input } = previewInput(after);
  const { count: __, ...was } = previewInput(before);
  return JSON.stringify(input) === JSON.stringify(was) ? undefined : input;
}

/** What the server is asked for a preview; parameters do not move a run. */
export function previewInput(schedule: ScheduleDraft) {
  const { parameters: _, ...kept } = schedule.kept;
  return { ...scheduleInput({ ...schedule, kept }), count: PREVIEWED };
}

/** What is absent is told as null, and is asked for by being left out; so are names of types. */
function withoutNulls<T extends object>(value: T): T {
  const entries = Object.entries(value)
    .filter(([key, each]) => each !== null && each !== undefined && key !== '__typename')
    .map(([key, each]) => [key, cleaned(each)]);
  return Object.fromEntries(entries) as T;
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  return typeof value === 'object' && value !== null ? withoutNulls(value) : value;
}

export function draftOf(task: TaskWhole): Draft {
  const { settings, target } = task;
  return {
    name: task.name,
    description: task.description,
    type: task.type,
    automationId: target.automationId ?? '',
    workflowId: target.workflowId ?? '',
    systemTask: target.systemTask ?? 'http.request',
    parameters: task.parameters as Record<string, unknown>,
    parametersText: undefined,
    schedules: task.whole.map(scheduleOf),
    ...settingsDraft(settings),
    enabled: task.status === 'active',
  };
}

/** The same task again under another name, as a new one. */
export function copyOf(task: TaskWhole): Draft {
  const draft = draftOf(task);
  return {
    ...draft,
    name: messages.copyOf(draft.name),
    schedules: draft.schedules.map((schedule) => ({ ...schedule, id: undefined })),
  };
}

export function inputOf(draft: Draft) {
  const { type } = draft;
  return {
    name: draft.name.trim(),
    description: draft.description,
    type,
    target: {
      ...(type === 'browser_automation' ? { automationId: draft.automationId } : {}),
      ...(type === 'workflow' ? { workflowId: draft.workflowId } : {}),
      ...(type === 'system' ? { systemTask: draft.systemTask } : {}),
    },
    schedules: draft.schedules.map(scheduleInput),
    parameters: draft.parameters,
    settings: settingsInput(draft),
    enabled: draft.enabled,
  };
}

export interface Problem {
  /** JSON pointer into the input, as the server names it too. */
  field: string;
  message: string;
  remedy?: string | null | undefined;
}

/** The problem of a field, or of anything inside it. */
export const problemAt = (problems: readonly Problem[], field: string): string | undefined => {
  const found = problems.find(
    (problem) => problem.field === field || problem.field.startsWith(`${field}/`),
  );
  return found && (found.remedy ? `${found.message} ${found.remedy}` : found.message);
};

/** What can be told without asking: the rest is the server's to say. */
export function missingIn(draft: Draft): Problem[] {
  const problems: Problem[] = [];
  if (draft.name.trim() === '') problems.push({ field: '/name', message: messages.nameMissing });
  if (draft.type === 'browser_automation' && draft.automationId === '')
    problems.push({ field: '/target', message: messages.automationMissing });
  if (draft.parametersText !== undefined)
    problems.push({ field: '/parameters', message: messages.jsonInvalid(draft.parametersText) });
  return problems;
}
