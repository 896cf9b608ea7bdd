import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type z } from 'zod';
import {
  endMaintenance,
  planMaintenance,
  previewMaintenance,
  stateOf,
} from '../change-maintenance.js';
import { type By, type Changed } from '../change-task.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { scopeOf } from '../identity.js';
import { notReadableYet, unknownMaintenance } from '../problem.js';
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
import { AskedBy, idOr } from './asked-by.js';
import { Answers } from './documented.js';
import { tellPosition } from './tell-position.js';

@ApiTags('maintenance')
@Controller('api/scheduler/maintenance')
export class MaintenanceController {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Post()
  @Answers({
    status: 201,
    says: 'No schedule of the account, or of the whole system, starts anything in it.',
    is: maintenanceAnswer,
    idempotent: true,
  })
  async plan(
    @AskedBy() by: By,
    @Body({ schema: maintenanceBody }) body: MaintenanceInputShape,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const changed = await planMaintenance(this.#parts, by, body);
    reply.header('location', `/api/scheduler/maintenance/${changed.id}`);
    return this.#tellChanged(by, changed, reply);
  }

  @Get()
  @Answers({ status: 200, says: 'The latest first.', is: maintenanceListAnswer })
  async list(@AskedBy() by: By) {
    const rows = await listMaintenances(this.#parts.db, by.caller.account);
    const nowMs = this.#parts.clock.now();
    return { maintenances: rows.map((row) => answerOf(row, nowMs)) };
  }

  @Post('preview')
  @HttpCode(200)
  @Answers({ status: 200, says: 'What it would hold.', is: maintenancePreviewAnswer })
  async previewMaintenance(
    @AskedBy() by: By,
    @Body({ schema: maintenancePreviewBody }) body: MaintenancePreviewInput,
  ) {
    const { lookedUntil, first, ...counts } = await previewMaintenance(
      this.#parts,
      by.caller,
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
  read(@AskedBy() by: By, @Param('maintenanceId') id: string) {
    return this.#tell(by, idOr(unknownMaintenance, id));
  }

  @Post(':maintenanceId/end')
  @HttpCode(200)
  @Answers({ status: 200, says: 'It has ended.', is: maintenanceAnswer, idempotent: true })
  async end(
    @AskedBy() by: By,
    @Param('maintenanceId') id: string,
    @Body({ schema: noBody }) _body: z.output<typeof noBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const changed = await endMaintenance(this.#parts, by, idOr(unknownMaintenance, id));
    return this.#tellChanged(by, changed, reply);
  }

  #tellChanged(by: By, { id, position, isReadable }: Changed, reply: FastifyReply) {
    tellPosition(reply, 'DEFINITIONS', position);
    if (!isReadable) throw notReadableYet(position);
    return this.#tell(by, id);
  }

  async #tell(by: By, id: string): Promise<MaintenanceAnswer> {
    const row = await findMaintenance(this.#parts.db, by.caller.account, id);
    if (row === undefined) throw unknownMaintenance(id);
    return answerOf(row, this.#parts.clock.now());
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
