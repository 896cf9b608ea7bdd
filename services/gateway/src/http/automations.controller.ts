import { Body, Controller, Delete, Get, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownAutomation } from '../problems/unknown.js';
import { type AutomationRow, findAutomation, listAutomations } from '../queries/automations.js';
import {
  type AutomationAnswer,
  automationAnswer,
  automationListAnswer,
  automationSavedAnswer,
} from '../shapes/automation-answers.js';
import { automationBody } from '../shapes/requests.js';
import { deleteAutomation, saveAutomation } from '../tasks/change-automation.js';
import { type ApiCall, Call, idOr } from './call.js';
import { Answers } from './documented.js';
import { type Resource, tell, tellDefined, tellMade } from './resource.js';

const automations: Resource<AutomationRow, AutomationAnswer> = {
  collection: 'automations',
  unknown: unknownAutomation,
  find: ({ db }, account, id) => findAutomation(db, account, id),
  answer: answerOf,
};

@ApiTags('automations')
@Controller('api/scheduler/automations')
export class AutomationsController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Post()
  @Answers({
    status: 201,
    says: 'The flow was saved.',
    is: automationSavedAnswer,
    idempotent: true,
  })
  async create(
    @Call() call: ApiCall,
    @Body({ schema: automationBody }) body: z.output<typeof automationBody>,
  ) {
    const changed = await saveAutomation(this.parts, call.by, body);
    tellMade(call, automations, changed);
    return { automationId: changed.id, name: body.name };
  }

  @Get()
  @Answers({ status: 200, says: 'Saved flows by name.', is: automationListAnswer })
  async list(@Call() { account }: ApiCall) {
    return { automations: (await listAutomations(this.parts.db, account)).map(answerOf) };
  }

  @Get(':automationId')
  @Answers({ status: 200, says: 'The saved flow.', is: automationAnswer })
  read(@Call() call: ApiCall, @Param('automationId') id: string) {
    return tell(this.parts, automations, call, id);
  }

  @Put(':automationId')
  @Answers({
    status: 200,
    says: 'A new version was saved; runs that were requested before keep theirs.',
    is: automationSavedAnswer,
    idempotent: true,
  })
  async replace(
    @Call() call: ApiCall,
    @Param('automationId') id: string,
    @Body({ schema: automationBody }) body: z.output<typeof automationBody>,
  ) {
    const automationId = idOr(unknownAutomation, id);
    tellDefined(call, await saveAutomation(this.parts, call.by, { automationId, ...body }));
    return { automationId, name: body.name };
  }

  @Delete(':automationId')
  @Answers({
    status: 204,
    says: 'The flow is gone; tasks that name it are skipped.',
    idempotent: true,
  })
  async remove(@Call() call: ApiCall, @Param('automationId') id: string): Promise<void> {
    tellDefined(call, await deleteAutomation(this.parts, call.by, idOr(unknownAutomation, id)));
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
