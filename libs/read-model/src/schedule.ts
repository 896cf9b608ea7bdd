import type { Selectable } from 'kysely';
import type { ScheduleTable } from './definition-tables.js';

/** How a schedule rings: one of four. Instants are ISO 8601 in UTC. */
export type Timing =
  | { cron: string }
  /** Milliseconds, counted from the anchor. */
  | { every: number; anchor: string }
  | { at: string }
  /** RFC 5545, and the local time it starts at. */
  | { rrule: string; start: string };

/** What is left out is without limit, or as the rules of the ticker and the dispatcher have it. */
export interface SchedulePolicies {
  from?: string;
  until?: string;
  maxRuns?: number;
  catchUp: { mode: 'none' | 'latest' | 'all'; windowSeconds?: number; limit?: number };
  startDeadlineSeconds?: number;
  overlap: {
    policy: 'skip' | 'buffer_one' | 'buffer_all' | 'cancel_other' | 'terminate_other' | 'allow_all';
    bufferLimit?: number;
  };
  spreadSeconds?: number;
  jitterSeconds?: number;
}

export interface CalendarUse {
  calendarId: string;
  role: 'include' | 'exclude';
  action: 'skip' | 'at_end' | 'next_day';
}

/** All that a schedule says, in the words and units of the API. */
export interface ScheduleDefinition extends SchedulePolicies {
  name: string;
  timing: Timing;
  zone: string;
  dst: 'vixie' | 'skip' | 'wall';
  enabled: boolean;
  calendars: CalendarUse[];
  /** Overrides of the task's parameters by top-level key. */
  parameters?: Record<string, unknown>;
}

/** Policies of a schedule that names none. */
export const DEFAULT_POLICIES = {
  catchUp: { mode: 'latest' },
  overlap: { policy: 'skip' },
} as const satisfies SchedulePolicies;

export type ScheduleColumns = Pick<
  Selectable<ScheduleTable>,
  'name' | 'cron' | 'timing' | 'zone' | 'dst' | 'enabled' | 'policies' | 'calendars' | 'parameters'
>;

/** A row of `schedule` in the words of the API; `definition` of `schedule_version` is the same shape. */
export function scheduleDefinition(row: ScheduleColumns): ScheduleDefinition {
  const { name, cron, timing, zone, dst, enabled, policies, calendars, parameters } = row;
  return {
    name,
    timing: timing ?? { cron },
    zone,
    dst: dst === 'skip' || dst === 'wall' ? dst : 'vixie',
    enabled,
    ...DEFAULT_POLICIES,
    ...policies,
    calendars,
    ...(parameters === null ? {} : { parameters }),
  };
}
