import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { JsonScalar } from './scalars.js';

const optional = { nullable: true } as const;
const optionalOf = (description: string) => ({ nullable: true, description });
const DURATION = 'A duration, such as 90s, 1h30m or PT90M.';
const INSTANT = 'ISO 8601, with `Z` or an offset.';
const DST = 'vixie, skip or wall: what happens to times that a clock change skips or repeats.';
const OVERLAP =
  'skip, buffer_one, buffer_all, cancel_other, terminate_other or allow_all: while a run is open.';
const ROLE = 'exclude: not in it; include: only in it.';
const ACTION = 'skip, at_end or next_day: what becomes of a run that it does not allow.';

@ObjectType()
export class CatchUp {
  @Field(() => String, { description: 'none, latest or all' }) mode: string;
  @Field(() => String, optionalOf(DURATION)) window?: string;
  @Field(() => Int, optional) limit?: number;
}

@ObjectType()
export class Overlap {
  @Field(() => String, { description: OVERLAP }) policy: string;
  @Field(() => Int, optional) bufferLimit?: number;
}

@ObjectType()
export class CalendarUse {
  @Field(() => ID) calendarId: string;
  @Field(() => String, { description: ROLE }) role: string;
  @Field(() => String, { description: ACTION }) action: string;
}

@ObjectType({ description: 'What a schedule says, in the words that it is said in.' })
export class ScheduleDefinition {
  @Field(() => String) name: string;
  @Field(() => String, optional) cron?: string;
  @Field(() => String, optionalOf(DURATION)) every?: string;
  @Field(() => String, optionalOf(INSTANT)) anchor?: string;
  @Field(() => String, optionalOf(INSTANT)) at?: string;
  @Field(() => String, optionalOf('RFC 5545')) rrule?: string;
  @Field(() => String, optionalOf('Local time.')) start?: string;
  @Field(() => String, { description: 'IANA name.' }) timezone: string;
  @Field(() => String, { description: DST }) dst: string;
  @Field(() => Boolean) enabled: boolean;
  @Field(() => String, optionalOf(INSTANT)) from?: string;
  @Field(() => String, optionalOf(INSTANT)) until?: string;
  @Field(() => Int, optional) maxRuns?: number;
  @Field(() => CatchUp) catchUp: CatchUp;
  @Field(() => String, optionalOf(DURATION)) startDeadline?: string;
  @Field(() => Overlap) overlap: Overlap;
  @Field(() => String, optionalOf(DURATION)) spread?: string;
  @Field(() => String, optionalOf(DURATION)) jitter?: string;
  @Field(() => [CalendarUse]) calendars: CalendarUse[];
  @Field(() => JsonScalar, optionalOf('Override those of the task by key.')) parameters?: unknown;
}

/** Next runs and versions are resolved in `schedule.resolver.ts`. */
@ObjectType()
export class Schedule {
  @Field(() => ID) id: string;
  @Field(() => Int, { description: 'Rises when it rings at other times.' }) revision: number;
  @Field(() => String) name: string;
  @Field(() => String, { description: 'Empty when it rings otherwise.' }) cron: string;
  @Field(() => String, optionalOf(DURATION)) every?: string;
  @Field(() => String, optionalOf(INSTANT)) anchor?: string;
  @Field(() => String, optionalOf(INSTANT)) at?: string;
  @Field(() => String, optionalOf('RFC 5545')) rrule?: string;
  @Field(() => String, optionalOf('Local time.')) start?: string;
  @Field(() => String, { description: 'IANA name.' }) timezone: string;
  @Field(() => String, { description: DST }) dst: string;
  @Field(() => Boolean) enabled: boolean;
  @Field(() => String, optionalOf(INSTANT)) from?: string;
  @Field(() => String, optionalOf(INSTANT)) until?: string;
  @Field(() => Int, optional) maxRuns?: number;
  @Field(() => CatchUp) catchUp: CatchUp;
  @Field(() => String, optionalOf(DURATION)) startDeadline?: string;
  @Field(() => Overlap) overlap: Overlap;
  @Field(() => String, optionalOf(DURATION)) spread?: string;
  @Field(() => String, optionalOf(DURATION)) jitter?: string;
  @Field(() => [CalendarUse]) calendars: CalendarUse[];
  @Field(() => JsonScalar, optionalOf('Override those of the task by key.')) parameters?: unknown;
  @Field(() => String, { description: 'In words.' }) description: string;
  /** For what is resolved of it; not told. */
  taskId: string;
}

@InputType()
export class CatchUpInput {
  @Field(() => String, optionalOf('none, latest or all')) mode?: string;
  @Field(() => String, optionalOf(DURATION)) window?: string;
  @Field(() => Int, optional) limit?: number;
}

@InputType()
export class OverlapInput {
  @Field(() => String, optionalOf(OVERLAP)) policy?: string;
  @Field(() => Int, optional) bufferLimit?: number;
}

@InputType()
export class CalendarUseInput {
  @Field(() => ID) calendarId: string;
  @Field(() => String, optionalOf(ROLE)) role?: string;
  @Field(() => String, optionalOf(ACTION)) action?: string;
}

@InputType({ isAbstract: true })
abstract class ScheduleFields {
  @Field(() => ID, optionalOf('Of a schedule the task already has.')) id?: string;
  @Field(() => String, optional) name?: string;
  @Field(() => String, optionalOf('One of cron, every, at and rrule.')) cron?: string;
  @Field(() => String, optionalOf(DURATION)) every?: string;
  @Field(() => String, optionalOf(INSTANT)) anchor?: string;
  @Field(() => String, optionalOf(INSTANT)) at?: string;
  @Field(() => String, optionalOf('RFC 5545')) rrule?: string;
  @Field(() => String, optionalOf('Local time, with `rrule`.')) start?: string;
  @Field(() => String, optionalOf('A must with cron and rrule.')) timezone?: string;
  @Field(() => String, optionalOf(DST)) dst?: string;
  @Field(() => Boolean, optional) enabled?: boolean;
  @Field(() => String, optionalOf(INSTANT)) from?: string;
  @Field(() => String, optionalOf(INSTANT)) until?: string;
  @Field(() => Int, optional) maxRuns?: number;
  @Field(() => CatchUpInput, optional) catchUp?: CatchUpInput;
  @Field(() => String, optionalOf(DURATION)) startDeadline?: string;
  @Field(() => OverlapInput, optional) overlap?: OverlapInput;
  @Field(() => String, optionalOf(DURATION)) spread?: string;
  @Field(() => String, optionalOf(DURATION)) jitter?: string;
}

@InputType()
export class ScheduleInput extends ScheduleFields {
  @Field(() => [CalendarUseInput], optional) calendars?: CalendarUseInput[];
  @Field(() => JsonScalar, optional) parameters?: unknown;
}

@InputType({ description: 'A saved calendar by its id, or the days of one that is being written.' })
export class PreviewedCalendarInput {
  @Field(() => ID, optional) calendarId?: string;
  @Field(() => String, optional) name?: string;
  @Field(() => JsonScalar, optionalOf('As `days` of a calendar.')) days?: unknown;
  @Field(() => String, optionalOf(ROLE)) role?: string;
  @Field(() => String, optionalOf(ACTION)) action?: string;
}

@InputType()
export class ScheduleChangeInput extends ScheduleFields {
  @Field(() => [PreviewedCalendarInput], optional) calendars?: PreviewedCalendarInput[];
}

@InputType()
export class SchedulePreviewInput extends ScheduleChangeInput {
  @Field(() => JsonScalar, optionalOf('Instead of cron: the choices, as `form` of an answer.'))
  form?: unknown;
  @Field(() => Int, optional) count?: number;
}
