import type { ColumnType, Generated } from 'kysely';
import type { Int8, Json } from './column-kinds.js';
import type { CalendarUse, ScheduleDefinition, SchedulePolicies, Timing } from './schedule.js';

/** Row types of what is defined, and of its history: a fold of DEFINITIONS. */

export type TaskStatus = 'active' | 'paused' | 'deleted';

export interface TaskTable {
  account: string;
  id: string;
  name: string;
  description: string;
  /** browser_automation | workflow | system */
  type: string;
  target: Json<{ automationId?: string; workflowId?: string; systemTask?: string }>;
  parameters: Json<Record<string, unknown>>;
  /** In the shapes of the API, see TaskSettings. */
  settings: Json<TaskSettings>;
  status: TaskStatus;
  pause_reason: string | null;
  created_at: Date;
  updated_at: Date;
  created_by: string;
  updated_by: string;
  /** Ordinal of its last commit: the version of the definition. */
  version: number;
  /** Sequence in DEFINITIONS of its last commit. */
  position: Int8;
}

/** Settings as the API tells them: timeout in minutes, delays in seconds. */
export interface TaskSettings {
  timeout: number;
  retryPolicy: {
    maxRetries: number;
    initialDelay: number;
    backoffMultiplier: number;
    maxDelay: number;
    jitter?: number;
    /** Error codes, or how they begin and a star. */
    finalErrors?: string[];
    retriedErrors?: string[];
    timeoutIsFinal?: boolean;
    lossIsFinal?: boolean;
  };
  /** Minutes. */
  totalDeadline?: number;
  startDeadline?: number;
  /** Seconds. */
  stopGrace?: number;
  /** Left out: yes. */
  deadLetter?: boolean;
  notifications: { onSuccess: boolean; onFailure: boolean; channels: string[] };
  concurrencyLimit?: number;
  /** Failed runs in a row after which the task is paused. */
  pauseAfterFailures?: number;
  /** Left out: that of its type. */
  pool?: string;
  /** The named limits that it is under. */
  limitIds?: string[];
  /** What a worker has to have. */
  requiredLabels?: { key: string; value: string }[];
  /** Those that the task sets. */
  limits?: { cpuSeconds?: number; memoryMb?: number; diskMb?: number; processes?: number };
  priority: 'low' | 'normal' | 'high' | 'critical';
}

export interface ScheduleTable {
  account: string;
  id: string;
  task_id: string;
  /** Place among the task's schedules, from 0. */
  place: number;
  /** Empty when it rings otherwise, see `timing`. */
  cron: string;
  zone: string;
  /** vixie | skip | wall */
  dst: string;
  enabled: boolean;
  revision: number;
  name: Generated<string>;
  /** How it rings when not by `cron`. */
  timing: ColumnType<Timing | null, string | null | undefined, string | null>;
  /** What is left out is as nobody set it; `scheduleDefinition` fills it in. */
  policies: ColumnType<Partial<SchedulePolicies>, string | undefined, string>;
  calendars: ColumnType<CalendarUse[], string | undefined, string>;
  /** Overrides of the task's parameters by top-level key. */
  parameters: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
}

/**
 * One row whenever something about a schedule became another: what it was from `valid_from` up to,
 * and not including, `valid_until`. At any instant one version at most is valid.
 */
export interface ScheduleVersionTable {
  account: string;
  task_id: string;
  schedule_id: string;
  /** From 1, without gaps; goes on when a removed schedule comes back. */
  version: number;
  revision: number;
  /** added | changed | removed | paused | resumed; the last two also when the whole task was. */
  kind: string;
  definition: Json<ScheduleDefinition>;
  /** Whether the task as a whole was paused. */
  task_paused: boolean;
  valid_from: Date;
  /** Null: it is in force. A removal is never valid: it ends where it begins. */
  valid_until: Date | null;
  author: string;
  /** Why, in the words of the author. */
  note: string | null;
  /** Sequence in DEFINITIONS. */
  position: Int8;
}

export interface AutomationTable {
  account: string;
  id: string;
  name: string;
  version: number;
  flow: Json<object>;
  deleted: boolean;
  created_at: Date;
  updated_at: Date;
  position: Int8;
}

/** A calendar as it is now; slots are judged by the version in force at their instant. */
export interface CalendarTable {
  account: string;
  id: string;
  name: string;
  version: number;
  days: Json<CalendarDays>;
  deleted: boolean;
  created_at: Date;
  updated_at: Date;
  created_by: string;
  updated_by: string;
  position: Int8;
}

/** Each version of a calendar, whole. */
export interface CalendarVersionTable {
  account: string;
  calendar_id: string;
  version: number;
  name: string;
  days: Json<CalendarDays>;
  saved_at: Date;
  author: string;
  position: Int8;
}

/** A time is in a calendar when any of the three has it. */
export interface CalendarDays {
  /** Left out: the zone of the schedule that uses it. */
  zone?: string;
  /** Whole local days, both ends included. */
  dates: { from: string; to: string; name?: string }[];
  /** Weekday 1 is Monday; minutes of the local day, the end excluded. */
  hours: { weekday: number; fromMinute: number; toMinute: number }[];
  /** Local times, the end excluded. */
  times: { from: string; to: string; name?: string }[];
}

/** A time in which nothing of the account starts. */
export interface MaintenanceTable {
  account: string;
  id: string;
  /** Not before it was told. */
  from_at: Date;
  /** As planned; null: until it is ended. */
  until_at: Date | null;
  /** skip | latest | all */
  aftermath: string;
  reason: string;
  /** planned | ended: by somebody. One whose time is over stays planned. */
  status: string;
  planned_at: Date;
  author: string;
  /** Since when it no longer holds, if somebody ended it. */
  ended_at: Date | null;
  ended_by: string | null;
  /** Sequence in DEFINITIONS of its last commit. */
  position: Int8;
}

/** Who changed what, and when: one row for each event of DEFINITIONS, in its order. */
export interface DefinitionChangeTable {
  account: string;
  /** Sequence in DEFINITIONS, and the event's place in its commit. */
  position: Int8;
  place: number;
  /** task | automation | calendar | maintenance | pool | limit | account */
  kind: string;
  id: string;
  /** `TaskPaused` */
  event: string;
  actor: string;
  /** user | service | schedule | unknown */
  actor_kind: string;
  /** Where from: an address, a command line, a service. */
  origin: string;
  occurred_at: Date;
  /** The few values that a sentence about it needs. */
  summary: Json<Record<string, unknown>>;
}
