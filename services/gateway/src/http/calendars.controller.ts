import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Res,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type By } from '../change-task.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { type Imported, importHolidays, importIcs } from '../import-calendar.js';
import { unknownCalendar } from '../problem.js';
import {
  type CalendarRow,
  findCalendar,
  listCalendars,
  versionsOfCalendar,
} from '../queries/calendars.js';
import { deleteCalendar, saveCalendar } from '../save-calendar.js';
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
import { AskedBy, idOr } from './asked-by.js';
import { Answers } from './documented.js';
import { tellPosition } from './tell-position.js';

@ApiTags('calendars')
@Controller('api/scheduler/calendars')
export class CalendarsController {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Post()
  @Answers({ status: 201, says: 'It was saved.', is: calendarSavedAnswer, idempotent: true })
  async create(
    @AskedBy() by: By,
    @Body({ schema: calendarBody }) body: CalendarInputShape,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { id, position } = await saveCalendar(this.#parts, by, body);
    tellPosition(reply, 'DEFINITIONS', position);
    reply.header('location', `/api/scheduler/calendars/${id}`);
    return { calendarId: id, name: body.name };
  }

  @Get()
  @Answers({ status: 200, says: 'Calendars by name.', is: calendarListAnswer })
  async list(@AskedBy() by: By) {
    const rows = await listCalendars(this.#parts.db, by.caller.account);
    return { calendars: rows.map(answerOf) };
  }

  @Post('import/ics')
  @HttpCode(200)
  @Answers({
    status: 200,
    says: 'The events as days; what was left out is named. An .ics file may be sent as it is, as text/calendar, with the other fields in the query.',
    is: calendarImportAnswer,
    idempotent: true,
  })
  async importIcs(
    @AskedBy() by: By,
    @Body({ schema: icsImportBody }) body: IcsImport,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return told(await importIcs(this.#parts, by, body), reply);
  }

  @Post('import/holidays')
  @HttpCode(200)
  @Answers({
    status: 200,
    says: 'The public holidays of a country or state (by date-holidays, CC BY 3.0).',
    is: calendarImportAnswer,
    idempotent: true,
  })
  async importHolidays(
    @AskedBy() by: By,
    @Body({ schema: holidaysImportBody }) body: HolidaysImport,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return told(await importHolidays(this.#parts, by, body), reply);
  }

  @Get(':calendarId')
  @Answers({ status: 200, says: 'The calendar.', is: calendarAnswer })
  async read(@AskedBy() by: By, @Param('calendarId') id: string) {
    const calendarId = idOr(unknownCalendar, id);
    const row = await findCalendar(this.#parts.db, by.caller.account, calendarId);
    if (row === undefined) throw unknownCalendar(calendarId);
    return answerOf(row);
  }

  @Get(':calendarId/versions')
  @Answers({ status: 200, says: 'Its versions, the newest first.', is: calendarVersionsAnswer })
  async versions(@AskedBy() by: By, @Param('calendarId') id: string) {
    const calendarId = idOr(unknownCalendar, id);
    const rows = await versionsOfCalendar(this.#parts.db, by.caller.account, calendarId);
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
    @AskedBy() by: By,
    @Param('calendarId') id: string,
    @Body({ schema: calendarBody }) body: CalendarInputShape,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const calendarId = idOr(unknownCalendar, id);
    const { position } = await saveCalendar(this.#parts, by, { calendarId, ...body });
    tellPosition(reply, 'DEFINITIONS', position);
    return { calendarId, name: body.name };
  }

  @Delete(':calendarId')
  @HttpCode(204)
  @Answers({
    status: 204,
    says: 'It is gone; it stands in the way of no schedule any more.',
    idempotent: true,
  })
  async remove(
    @AskedBy() by: By,
    @Param('calendarId') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { position } = await deleteCalendar(this.#parts, by, idOr(unknownCalendar, id));
    tellPosition(reply, 'DEFINITIONS', position);
  }
}

function told({ position, ...imported }: Imported, reply: FastifyReply) {
  if (position > 0) tellPosition(reply, 'DEFINITIONS', position);
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
