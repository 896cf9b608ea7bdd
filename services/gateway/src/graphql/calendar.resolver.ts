import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  ID,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { parseOrRefuse } from '../faults-of.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { type Imported, importHolidays, importIcs } from '../import-calendar.js';
import { notReadableYet, unknownCalendar } from '../problem.js';
import {
  type CalendarRow,
  findCalendar,
  listCalendars,
  versionsOfCalendar,
} from '../queries/calendars.js';
import { deleteCalendar, saveCalendar } from '../save-calendar.js';
import { calendarBody, holidaysImportBody, icsImportBody } from '../shapes/calendar-input.js';
import { isId, withoutNulls } from './arguments.js';
import { byOf } from './by.js';
import {
  Calendar,
  CalendarDaysInput,
  CalendarImport,
  CalendarImportResult,
  CalendarResult,
  CalendarVersion,
  HolidaysImportInput,
  IcsImportInput,
} from './calendar-types.js';
import { type OperationContext } from './context.js';
import { orProblem } from './problem-answers.js';
import { DeleteAccepted, DeleteResult } from './result-types.js';

const id = { type: () => ID } as const;

@Resolver(() => Calendar)
export class CalendarResolver {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Query(() => [Calendar])
  async calendars(@Context() { caller }: OperationContext) {
    return (await listCalendars(this.#parts.db, caller.account)).map(calendarView);
  }

  @Query(() => Calendar, { nullable: true })
  async calendar(@Context() { caller }: OperationContext, @Args('id', id) calendarId: string) {
    if (!isId(calendarId)) return null;
    const row = await findCalendar(this.#parts.db, caller.account, calendarId);
    return row ? calendarView(row) : null;
  }

  @ResolveField(() => [CalendarVersion], { description: 'The newest first.' })
  async versions(@Context() { caller }: OperationContext, @Parent() calendar: Calendar) {
    const rows = await versionsOfCalendar(this.#parts.db, caller.account, calendar.id);
    return rows.map(({ saved_at, ...row }) => ({ ...row, savedAt: saved_at }));
  }

  @Mutation(() => CalendarResult, { description: 'Without an id a new one; else a new version.' })
  saveCalendar(
    @Context() context: OperationContext,
    @Args('name', { type: () => String }) name: string,
    @Args('days', { type: () => CalendarDaysInput }) days: CalendarDaysInput,
    @Args('id', { type: () => ID, nullable: true }) calendarId?: string,
  ) {
    return orProblem(this.#parts.log, async () => {
      const body = parseOrRefuse(calendarBody, { name, days: withoutNulls(days) });
      if (calendarId && !isId(calendarId)) throw unknownCalendar(calendarId);
      const wish = { ...body, ...(calendarId ? { calendarId } : {}) };
      const changed = await saveCalendar(this.#parts, byOf(context), wish);
      if (!changed.isReadable) throw notReadableYet(changed.position);
      const row = await findCalendar(this.#parts.db, context.caller.account, changed.id);
      if (row === undefined) throw unknownCalendar(changed.id);
      return calendarView(row);
    });
  }

  @Mutation(() => DeleteResult)
  deleteCalendar(@Context() context: OperationContext, @Args('id', id) calendarId: string) {
    return orProblem(this.#parts.log, async () => {
      if (!isId(calendarId)) throw unknownCalendar(calendarId);
      const { position } = await deleteCalendar(this.#parts, byOf(context), calendarId);
      const accepted = { __typename: 'DeleteAccepted', id: calendarId, position: `${position}` };
      return Object.assign(new DeleteAccepted(), accepted);
    });
  }

  @Mutation(() => CalendarImportResult)
  importCalendarIcs(
    @Context() context: OperationContext,
    @Args('input', { type: () => IcsImportInput }) input: IcsImportInput,
  ) {
    return orProblem(this.#parts.log, async () => {
      const body = parseOrRefuse(icsImportBody, withoutNulls(input));
      return importView(await importIcs(this.#parts, byOf(context), body));
    });
  }

  @Mutation(() => CalendarImportResult, { description: 'By date-holidays, CC BY 3.0.' })
  importHolidays(
    @Context() context: OperationContext,
    @Args('input', { type: () => HolidaysImportInput }) input: HolidaysImportInput,
  ) {
    return orProblem(this.#parts.log, async () => {
      const body = parseOrRefuse(holidaysImportBody, withoutNulls(input));
      return importView(await importHolidays(this.#parts, byOf(context), body));
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
