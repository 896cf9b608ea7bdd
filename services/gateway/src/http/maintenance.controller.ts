import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import {
  endMaintenance,
  planMaintenance,
  previewMaintenance,
  stateOf,
} from '../calendars/change-maintenance.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { scopeOf } from '../identity.js';
import { unknownMaintenance } from '../problems/unknown.js';
import { findMaintenance, listMaintenances, type MaintenanceRow } from '../queries/maintenance.js';
import {
  type MaintenanceAnswer,
  maintenanceAnswer,
  maintenanceListAnswer,
  maintenancePreviewAnswer,
} from '../shapes/calendar-answers.js';
import {
  type MaintenanceInputShape,
  type MaintenancePreviewInput,
  maintenanceBody,
  maintenancePreviewBody,
} from '../shapes/calendar-input.js';
import { noBody } from '../shapes/requests.js';
import { type ApiCall, Call, idOr } from './call.js';
import { Answers } from './documented.js';
import { type Resource, tell, tellChanged, tellMade } from './resource.js';

const maintenances: Resource<MaintenanceRow, MaintenanceAnswer> = {
  collection: 'maintenance',
  unknown: unknownMaintenance,
  find: ({ db }, account, id) => findMaintenance(db, account, id),
  answer: answerOf,
};

@ApiTags('maintenance')
@Controller('api/scheduler/maintenance')
export class MaintenanceController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Post()
  @Answers({
    status: 201,
    says: 'No schedule of the account, or of the whole system, starts anything in it.',
    is: maintenanceAnswer,
    idempotent: true,
  })
  async plan(
    @Call() call: ApiCall,
    @Body({ schema: maintenanceBody }) body: MaintenanceInputShape,
  ) {
    const changed = await planMaintenance(this.parts, call.by, body);
    tellMade(call, maintenances, changed);
    return tellChanged(this.parts, maintenances, call, changed);
  }

  @Get()
  @Answers({ status: 200, says: 'The latest first.', is: maintenanceListAnswer })
  async list(@Call() call: ApiCall) {
    const rows = await listMaintenances(this.parts.db, call.account);
    const nowMs = this.parts.clock.now();
    return { maintenances: rows.map((row) => answerOf(row, nowMs)) };
  }

  @Post('preview')
  @Answers({ status: 200, says: 'What it would hold.', is: maintenancePreviewAnswer })
  async previewMaintenance(
    @Call() call: ApiCall,
    @Body({ schema: maintenancePreviewBody }) body: MaintenancePreviewInput,
  ) {
    const { lookedUntil, first, ...counts } = await previewMaintenance(
      this.parts,
      call.by.caller,
      body,
    );
    return {
      ...counts,
      lookedUntil: lookedUntil.toISOString(),
      first: first.map(({ at, ...slot }) => ({ ...slot, at: at.toISOString() })),
    };
  }

  @Get(':maintenanceId')
  @Answers({ status: 200, says: 'The maintenance.', is: maintenanceAnswer })
  read(@Call() call: ApiCall, @Param('maintenanceId') id: string) {
    return tell(this.parts, maintenances, call, id);
  }

  @Post(':maintenanceId/end')
  @Answers({ status: 200, says: 'It has ended.', is: maintenanceAnswer, idempotent: true })
  async end(
    @Call() call: ApiCall,
    @Param('maintenanceId') id: string,
    @Body({ schema: noBody }) _body: z.output<typeof noBody>,
  ) {
    const changed = await endMaintenance(this.parts, call.by, idOr(unknownMaintenance, id));
    return tellChanged(this.parts, maintenances, call, changed);
  }
}

function answerOf(row: MaintenanceRow, nowMs: number): MaintenanceAnswer {
  return {
    id: row.id,
    scope: scopeOf(row),
    from: row.from_at.toISOString(),
    until: row.until_at?.toISOString() ?? null,
    aftermath: row.aftermath as MaintenanceAnswer['aftermath'],
    reason: row.reason,
    state: stateOf(row, nowMs),
    plannedAt: row.planned_at.toISOString(),
    author: row.author,
    endedAt: row.ended_at?.toISOString() ?? null,
    endedBy: row.ended_by,
  };
}
