/** What each address may carry behind its `?`. */
import { type LogLevel, logLevels } from '../log/log-window.js';
import { type RunStatus, runStatuses } from '../status/status.js';
import {
  type DeadLetterCause,
  type DeadLetterStatus,
  deadLetterCauses,
  deadLetterStatuses,
  type SlotOutcome,
  slotOutcomes,
  type TaskType,
  type Trigger,
  taskTypes,
  triggers,
} from '../words.js';
import { oneOf, oneOrMore, text } from './search.js';

type Given = Record<string, unknown>;

export type TaskState = 'active' | 'paused';
const taskStates: readonly TaskState[] = ['active', 'paused'];

export interface TasksSearch {
  q?: string | undefined;
  status?: TaskState | undefined;
  type?: TaskType | undefined;
  /** The task that is looked at beside the list. */
  peek?: string | undefined;
}

export const tasksSearch = (given: Given): TasksSearch => ({
  q: text(given['q']),
  status: oneOf(given['status'], taskStates),
  type: oneOf(given['type'], taskTypes),
  peek: text(given['peek']),
});

export interface SlotsSearch {
  outcome?: readonly SlotOutcome[] | undefined;
}

export const taskTabs = ['slots', 'versions', 'backfills'] as const;
export type TaskTab = (typeof taskTabs)[number];

export interface TaskSearch extends SlotsSearch {
  /** Without it the overview of the task. */
  tab?: TaskTab | undefined;
}

export const taskSearch = (given: Given): TaskSearch => ({
  tab: oneOf(given['tab'], taskTabs),
  outcome: oneOrMore(given['outcome'], slotOutcomes),
});

export interface NewTaskSearch {
  /** The automation it is to run. */
  automation?: string | undefined;
  /** The task it begins as a copy of. */
  copy?: string | undefined;
}

export const newTaskSearch = (given: Given): NewTaskSearch => ({
  automation: text(given['automation']),
  copy: text(given['copy']),
});

export interface CalendarsSearch {
  /** The calendar that is being edited, or `new`. */
  edit?: string | undefined;
}

export const calendarsSearch = (given: Given): CalendarsSearch => ({ edit: text(given['edit']) });

export interface DeadLettersSearch {
  /** Without it the open ones. */
  status?: readonly DeadLetterStatus[] | undefined;
  cause?: readonly DeadLetterCause[] | undefined;
  code?: string | undefined;
  task?: string | undefined;
  /** The one that is looked at beside the list. */
  inspect?: string | undefined;
}

export const deadLettersSearch = (given: Given): DeadLettersSearch => ({
  status: oneOrMore(given['status'], deadLetterStatuses),
  cause: oneOrMore(given['cause'], deadLetterCauses),
  code: text(given['code']),
  task: text(given['task']),
  inspect: text(given['inspect']),
});

export interface RunsSearch {
  status?: readonly RunStatus[] | undefined;
  trigger?: readonly Trigger[] | undefined;
  task?: string | undefined;
  q?: string | undefined;
}

export const runsSearch = (given: Given): RunsSearch => ({
  status: oneOrMore(given['status'], runStatuses),
  trigger: oneOrMore(given['trigger'], triggers),
  task: text(given['task']),
  q: text(given['q']),
});

export interface RunSearch {
  level?: LogLevel | undefined;
  attempt?: string | undefined;
  find?: string | undefined;
  /** The list that it was opened from, as its query. */
  from?: string | undefined;
  /** `attempt.line` of the log, to come back to. */
  line?: string | undefined;
}

export const runSearch = (given: Given): RunSearch => ({
  level: oneOf(given['level'], logLevels),
  attempt: text(given['attempt']),
  find: text(given['find']),
  from: text(given['from']),
  line: text(given['line']),
});
