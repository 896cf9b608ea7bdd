/**
 * The policies of a schedule, as the server says them: fields change single ones, and all others go
 * back as they came. What is absent is the server's default, which is named here to be shown. Pure.
 */
import type { ScheduleDraft } from './draft.js';
import { messages } from './messages.js';

export type Policies = ScheduleDraft['kept'];
export type CatchUp = NonNullable<Policies['catchUp']>;
export type Overlap = NonNullable<Policies['overlap']>;
export type CalendarUse = NonNullable<Policies['calendars']>[number];

export const catchUpModes = ['latest', 'none', 'all'] as const;
export const overlapPolicies = [
  'skip',
  'buffer_one',
  'buffer_all',
  'cancel_other',
  'terminate_other',
  'allow_all',
] as const;
export const calendarRoles = ['exclude', 'include'] as const;
export const calendarActions = ['skip', 'at_end', 'next_day'] as const;

const DEFAULT_CATCH_UP: CatchUp = { mode: 'latest', window: null, limit: null };
const DEFAULT_OVERLAP: Overlap = { policy: 'skip', bufferLimit: null };

export const catchUpOf = (policies: Policies): CatchUp => policies.catchUp ?? DEFAULT_CATCH_UP;
export const overlapOf = (policies: Policies): Overlap => policies.overlap ?? DEFAULT_OVERLAP;

/** Where the server points when a policy is wrong; everything else is about the timing. */
export const policyFields = [
  'catchUp',
  'startDeadline',
  'overlap',
  'spread',
  'jitter',
  'from',
  'until',
  'maxRuns',
  'calendars',
] as const;

export const isAboutPolicy = (field: string, schedule: string): boolean =>
  policyFields.some(
    (policy) => field === `${schedule}/${policy}` || field.startsWith(`${schedule}/${policy}/`),
  );

/** Whether they change what the expression alone would ring: then only the server can preview it. */
export const changesRuns = ({
  spread,
  jitter,
  from,
  until,
  maxRuns,
  calendars,
}: Policies): boolean => Boolean(spread || jitter || from || until || maxRuns || calendars?.length);

/** What differs from the defaults, in a few words, for the line that the fields are folded under. */
export function policySummary(policies: Policies): string[] {
  const { startDeadline, spread, jitter, from, until, maxRuns, calendars } = policies;
  const { mode } = catchUpOf(policies);
  const { policy } = overlapOf(policies);
  const words = messages.policyWords;
  return [
    mode === 'latest' ? '' : words.catchUp(messages.catchUpModes[mode] ?? mode),
    startDeadline ? words.startDeadline(startDeadline) : '',
    policy === 'skip' ? '' : (messages.overlaps[policy]?.label ?? policy),
    spread ? words.spread(spread) : '',
    jitter ? words.jitter(jitter) : '',
    from ? words.from(from) : '',
    until ? words.until(until) : '',
    maxRuns ? words.maxRuns(maxRuns) : '',
    calendars?.length ? words.calendars(calendars.length) : '',
  ].filter((each) => each !== '');
}
