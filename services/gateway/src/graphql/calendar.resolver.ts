import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Imported, importHolidays, importIcs } from '../calendars/import-calendar.js';
import { deleteCalendar, saveCalendar } from '../calendars/save-calendar.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { unknownCalendar } from '../problems/unknown.js';
import {
  type CalendarRow,
  findCalendar,
  listCalendars,
  versionsOfCalendar,
} from '../queries/calendars.js';
import { calendarBody, holidaysImportBody, icsImportBody } from '../shapes/calendar-input.js';
import { anId, maybeId, someText } from './args.js';
import { idOr, withoutNulls } from './arguments.js';
import { byOf } from './by.js';
import { type OperationContext } from './context.js';
import { lookUp, reader } from './look-up.js';
import { orProblem, orProblemDeleting, orProblemReading } from './problem-answers.js';
import {
  Calendar,
  CalendarDaysInput,
  CalendarImport,
  CalendarImportResult,
  CalendarResult,
  CalendarVersion,
  HolidaysImportInput,
  IcsImportInput,
} from './types/calendar-types.js';
import { DeleteResult } from './types/result-types.js';

@Resolver(() => Calendar)
export class CalendarResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Query(() => [Calendar])
  async calendars(@Context() { caller }: OperationContext) {
    return (await listCalendars(this.parts.db, caller.account)).map(calendarView);
  }

  @Query(() => Calendar, { nullable: true })
  calendar(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return lookUp(this.parts, context, { find: findCalendar, view: calendarView, id });
  }

  @ResolveField(() => [CalendarVersion], { description: 'The newest first.' })
  async versions(@Context() { caller }: OperationContext, @Parent() calendar: Calendar) {
    const rows = await versionsOfCalendar(this.parts.db, caller.account, calendar.id);
    return rows.map(({ saved_at, ...row }) => ({ ...row, savedAt: saved_at }));
  }

  @Mutation(() => CalendarResult, { description: 'Without an id a new one; else a new version.' })
  saveCalendar(
    @Context() context: OperationContext,
    @Args('name', someText) name: string,
    @Args('days', { type: () => CalendarDaysInput }) days: CalendarDaysInput,
    @Args('id', maybeId) id?: string,
  ) {
    const save = async () => {
      const body = parseOrRefuse(calendarBody, { name, days: withoutNulls(days) });
      const wish = { ...body, ...(id ? { calendarId: idOr(unknownCalendar, id) } : {}) };
      return saveCalendar(this.parts, byOf(context), wish);
    };
    const kind = { find: findCalendar, view: calendarView, unknown: unknownCalendar };
    return orProblemReading(this.parts, save, reader(this.parts, context, kind));
  }

  @Mutation(() => DeleteResult)
  deleteCalendar(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return orProblemDeleting(this.parts, async () =>
      deleteCalendar(this.parts, byOf(context), idOr(unknownCalendar, id)),
    );
  }

  @Mutation(() => CalendarImportResult)
  importCalendarIcs(
    @Context() context: OperationContext,
    @Args('input', { type: () => IcsImportInput }) input: IcsImportInput,
  ) {
    return orProblem(this.parts.log, async () => {
      const body = parseOrRefuse(icsImportBody, withoutNulls(input));
      return importView(await importIcs(this.parts, byOf(context), body));
    });
  }

  @Mutation(() => CalendarImportResult, { description: 'By date-holidays, CC BY 3.0.' })
  importHolidays(
    @Context() context: OperationContext,
    @Args('input', { type: () => HolidaysImportInput }) input: HolidaysImportInput,
  ) {
    return orProblem(this.parts.log, async () => {
      const body = parseOrRefuse(holidaysImportBody, withoutNulls(input));
      return importView(await importHolidays(this.parts, byOf(context), body));
    });
  }
}

function calendarView(row: CalendarRow): Calendar {
  return Object.assign(new Calendar(), {
    __typename: 'Calendar',
    id: row.id,
    name: row.name,
    version: row.version,
    days: row.days,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
    updatedBy: row.updated_by,
  });
}

function importView({ position: _, ...imported }: Imported): CalendarImport {
  return Object.assign(new CalendarImport(), { __typename: 'CalendarImport', ...imported });
}
