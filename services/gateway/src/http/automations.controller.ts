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
import { type z } from 'zod';
import { deleteAutomation, saveAutomation } from '../change-automation.js';
import { type By } from '../change-task.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownAutomation } from '../problem.js';
import { type AutomationRow, findAutomation, listAutomations } from '../queries/automations.js';
import {
  type AutomationAnswer,
  automationAnswer,
  automationListAnswer,
  automationSavedAnswer,
} from '../shapes/answers.js';
import { automationBody } from '../shapes/requests.js';
import { AskedBy, idOr } from './asked-by.js';
import { Answers } from './documented.js';
import { tellPosition } from './tell-position.js';

@ApiTags('automations')
@Controller('api/scheduler/automations')
export class AutomationsController {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Post()
  @Answers({
    status: 201,
    says: 'The flow was saved.',
    is: automationSavedAnswer,
    idempotent: true,
  })
  async create(
    @AskedBy() by: By,
    @Body({ schema: automationBody }) body: z.output<typeof automationBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { id, position } = await saveAutomation(this.#parts, by, body);
    tellPosition(reply, 'DEFINITIONS', position);
    reply.header('location', `/api/scheduler/automations/${id}`);
    return { automationId: id, name: body.name };
  }

  @Get()
  @Answers({ status: 200, says: 'Saved flows by name.', is: automationListAnswer })
  async list(@AskedBy() by: By) {
    const rows = await listAutomations(this.#parts.db, by.caller.account);
    return { automations: rows.map(answerOf) };
  }

  @Get(':automationId')
  @Answers({ status: 200, says: 'The saved flow.', is: automationAnswer })
  async read(@AskedBy() by: By, @Param('automationId') id: string) {
    const automationId = idOr(unknownAutomation, id);
    const row = await findAutomation(this.#parts.db, by.caller.account, automationId);
    if (row === undefined) throw unknownAutomation(automationId);
    return answerOf(row);
  }

  @Put(':automationId')
  @Answers({
    status: 200,
    says: 'A new version was saved; runs that were requested before keep theirs.',
    is: automationSavedAnswer,
    idempotent: true,
  })
  async replace(
    @AskedBy() by: By,
    @Param('automationId') id: string,
    @Body({ schema: automationBody }) body: z.output<typeof automationBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const automationId = idOr(unknownAutomation, id);
    const { position } = await saveAutomation(this.#parts, by, { automationId, ...body });
    tellPosition(reply, 'DEFINITIONS', position);
    return { automationId, name: body.name };
  }

  @Delete(':automationId')
  @HttpCode(204)
  @Answers({
    status: 204,
    says: 'The flow is gone; tasks that name it are skipped.',
    idempotent: true,
  })
  async remove(
    @AskedBy() by: By,
    @Param('automationId') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const automationId = idOr(unknownAutomation, id);
    const { position } = await deleteAutomation(this.#parts, by, automationId);
    tellPosition(reply, 'DEFINITIONS', position);
  }
}

function answerOf(row: AutomationRow): AutomationAnswer {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    flow: row.flow as Record<string, unknown>,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
