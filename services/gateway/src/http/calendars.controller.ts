import { Body, Controller, Delete, Get, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Imported, importHolidays, importIcs } from '../calendars/import-calendar.js';
import { deleteCalendar, saveCalendar } from '../calendars/save-calendar.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownCalendar } from '../problems/unknown.js';
import {
  type CalendarRow,
  findCalendar,
  listCalendars,
  versionsOfCalendar,
} from '../queries/calendars.js';
import {
  type CalendarAnswer,
  calendarAnswer,
  calendarImportAnswer,
  calendarListAnswer,
  calendarSavedAnswer,
  calendarVersionsAnswer,
} from '../shapes/calendar-answers.js';
import {
  type CalendarInputShape,
  calendarBody,
  type HolidaysImport,
  holidaysImportBody,
  type IcsImport,
  icsImportBody,
} from '../shapes/calendar-input.js';
import { type ApiCall, Call, idOr } from './call.js';
import { Answers } from './documented.js';
import { type Resource, tell, tellDefined, tellMade } from './resource.js';

const calendars: Resource<CalendarRow, CalendarAnswer> = {
  collection: 'calendars',
  unknown: unknownCalendar,
  find: ({ db }, account, id) => findCalendar(db, account, id),
  answer: answerOf,
};

@ApiTags('calendars')
@Controller('api/scheduler/calendars')
export class CalendarsController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Post()
  @Answers({ status: 201, says: 'It was saved.', is: calendarSavedAnswer, idempotent: true })
  async create(@Call() call: ApiCall, @Body({ schema: calendarBody }) body: CalendarInputShape) {
    const changed = await saveCalendar(this.parts, call.by, body);
    tellMade(call, calendars, changed);
    return { calendarId: changed.id, name: body.name };
  }

  @Get()
  @Answers({ status: 200, says: 'Calendars by name.', is: calendarListAnswer })
  async list(@Call() { account }: ApiCall) {
    return { calendars: (await listCalendars(this.parts.db, account)).map(answerOf) };
  }

  @Post('import/ics')
  @Answers({
    status: 200,
    says: 'The events as days; what was left out is named. An .ics file may be sent as it is, as text/calendar, with the other fields in the query.',
    is: calendarImportAnswer,
    idempotent: true,
  })
  async importIcs(@Call() call: ApiCall, @Body({ schema: icsImportBody }) body: IcsImport) {
    return told(await importIcs(this.parts, call.by, body), call);
  }

  @Post('import/holidays')
  @Answers({
    status: 200,
    says: 'The public holidays of a country or state (by date-holidays, CC BY 3.0).',
    is: calendarImportAnswer,
    idempotent: true,
  })
  async importHolidays(
    @Call() call: ApiCall,
    @Body({ schema: holidaysImportBody }) body: HolidaysImport,
  ) {
    return told(await importHolidays(this.parts, call.by, body), call);
  }

  @Get(':calendarId')
  @Answers({ status: 200, says: 'The calendar.', is: calendarAnswer })
  read(@Call() call: ApiCall, @Param('calendarId') id: string) {
    return tell(this.parts, calendars, call, id);
  }

  @Get(':calendarId/versions')
  @Answers({ status: 200, says: 'Its versions, the newest first.', is: calendarVersionsAnswer })
  async versions(@Call() call: ApiCall, @Param('calendarId') id: string) {
    const calendarId = idOr(unknownCalendar, id);
    const rows = await versionsOfCalendar(this.parts.db, call.account, calendarId);
    if (rows.length === 0) throw unknownCalendar(calendarId);
    return {
      versions: rows.map(({ version, name, days, saved_at, author }) => ({
        version,
        name,
        days,
        savedAt: saved_at.toISOString(),
        author,
      })),
    };
  }

  @Put(':calendarId')
  @Answers({
    status: 200,
    says: 'A new version was saved; times before it are judged by the old one.',
    is: calendarSavedAnswer,
    idempotent: true,
  })
  async replace(
    @Call() call: ApiCall,
    @Param('calendarId') id: string,
    @Body({ schema: calendarBody }) body: CalendarInputShape,
  ) {
    const calendarId = idOr(unknownCalendar, id);
    tellDefined(call, await saveCalendar(this.parts, call.by, { calendarId, ...body }));
    return { calendarId, name: body.name };
  }

  @Delete(':calendarId')
  @Answers({
    status: 204,
    says: 'It is gone; it stands in the way of no schedule any more.',
    idempotent: true,
  })
  async remove(@Call() call: ApiCall, @Param('calendarId') id: string): Promise<void> {
    tellDefined(call, await deleteCalendar(this.parts, call.by, idOr(unknownCalendar, id)));
  }
}

function told({ position, ...imported }: Imported, call: ApiCall) {
  if (position > 0) tellDefined(call, { position });
  return imported;
}

function answerOf(row: CalendarRow): CalendarAnswer {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    days: row.days,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    createdBy: row.created_by,
    updatedBy: row.updated_by,
  };
}
