import { createUnionType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Problem } from './result-types.js';
import { DateTimeScalar } from './scalars.js';

const optional = { nullable: true } as const;
const DATE = 'Local date, such as 2026-12-24.';
const TIME = 'Local time, such as 2026-11-27T18:00:00.';

@ObjectType({ description: 'Whole local days, both ends included.' })
export class CalendarDates {
  @Field(() => String, { description: DATE }) from: string;
  @Field(() => String, { description: DATE }) to: string;
  @Field(() => String, optional) name?: string;
}

@ObjectType({ description: 'Every week; the end is excluded.' })
export class CalendarHours {
  @Field(() => Int, { description: '1 is Monday.' }) weekday: number;
  @Field(() => Int) fromMinute: number;
  @Field(() => Int) toMinute: number;
}

@ObjectType({ description: 'Local times, the end excluded.' })
export class CalendarTimes {
  @Field(() => String, { description: TIME }) from: string;
  @Field(() => String, { description: TIME }) to: string;
  @Field(() => String, optional) name?: string;
}

@ObjectType({ description: 'A time is in the calendar when dates, hours or times have it.' })
export class CalendarDays {
  @Field(() => String, { nullable: true, description: 'Null: the zone of the schedule.' })
  zone?: string;
  @Field(() => [CalendarDates]) dates: CalendarDates[];
  @Field(() => [CalendarHours]) hours: CalendarHours[];
  @Field(() => [CalendarTimes]) times: CalendarTimes[];
}

@ObjectType()
export class CalendarVersion {
  @Field(() => Int) version: number;
  @Field(() => String) name: string;
  @Field(() => CalendarDays) days: CalendarDays;
  @Field(() => DateTimeScalar) savedAt: Date;
  @Field(() => String) author: string;
}

/** Versions are resolved in `calendar.resolver.ts`. */
@ObjectType()
export class Calendar {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => Int) version: number;
  @Field(() => CalendarDays) days: CalendarDays;
  @Field(() => DateTimeScalar) createdAt: Date;
  @Field(() => DateTimeScalar) updatedAt: Date;
  @Field(() => String) createdBy: string;
  @Field(() => String) updatedBy: string;
}

@ObjectType()
export class SkippedEvent {
  @Field(() => String) name: string;
  @Field(() => String) reason: string;
}

@ObjectType()
export class CalendarImport {
  @Field(() => ID, { nullable: true, description: 'Null after a dry run.' })
  calendarId: string | null;
  @Field(() => String) name: string;
  @Field(() => CalendarDays) days: CalendarDays;
  @Field(() => [SkippedEvent]) skipped: SkippedEvent[];
}

@InputType()
export class CalendarDatesInput {
  @Field(() => String, { description: DATE }) from: string;
  @Field(() => String, { nullable: true, description: 'Left out: the same day.' }) to?: string;
  @Field(() => String, optional) name?: string;
}

@InputType()
export class CalendarHoursInput {
  @Field(() => Int, { description: '1 is Monday.' }) weekday: number;
  @Field(() => Int) fromMinute: number;
  @Field(() => Int) toMinute: number;
}

@InputType()
export class CalendarTimesInput {
  @Field(() => String, { description: TIME }) from: string;
  @Field(() => String, { description: TIME }) to: string;
  @Field(() => String, optional) name?: string;
}

@InputType()
export class CalendarDaysInput {
  @Field(() => String, optional) zone?: string;
  @Field(() => [CalendarDatesInput], optional) dates?: CalendarDatesInput[];
  @Field(() => [CalendarHoursInput], optional) hours?: CalendarHoursInput[];
  @Field(() => [CalendarTimesInput], optional) times?: CalendarTimesInput[];
}

@InputType()
export class IcsImportInput {
  @Field(() => ID, optional) calendarId?: string;
  @Field(() => String) name: string;
  @Field(() => String, optional) zone?: string;
  @Field(() => String, { description: 'iCalendar (RFC 5545).' }) ics: string;
  @Field(() => Boolean, optional) dryRun?: boolean;
}

@InputType()
export class HolidaysImportInput {
  @Field(() => ID, optional) calendarId?: string;
  @Field(() => String, optional) name?: string;
  @Field(() => String, { description: 'ISO 3166-1, such as DE.' }) country: string;
  @Field(() => String, { nullable: true, description: 'ISO 3166-2, such as BY.' }) state?: string;
  @Field(() => [Int]) years: number[];
  @Field(() => Boolean, optional) dryRun?: boolean;
}

const byTypeName = (value: { __typename?: string }) => value.__typename;

export const CalendarResult = createUnionType({
  name: 'CalendarResult',
  types: () => [Calendar, Problem] as const,
  resolveType: byTypeName,
});
export const CalendarImportResult = createUnionType({
  name: 'CalendarImportResult',
  types: () => [CalendarImport, Problem] as const,
  resolveType: byTypeName,
});
