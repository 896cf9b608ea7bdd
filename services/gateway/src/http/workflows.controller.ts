import { Body, Controller, Delete, Get, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownWorkflow } from '../problems/unknown.js';
import {
  findWorkflow,
  listWorkflows,
  versionsOfWorkflow,
  type WorkflowRow,
} from '../queries/workflows.js';
import {
  type WorkflowAnswer,
  type WorkflowInputShape,
  workflowAnswer,
  workflowBody,
  workflowCheckAnswer,
  workflowCheckBody,
  workflowListAnswer,
  workflowVersionsAnswer,
} from '../shapes/workflow-shapes.js';
import { checkWorkflow, deleteWorkflow, saveWorkflow } from '../workflows/change-workflow.js';
import { type ApiCall, Call, IfMatch, idOr } from './call.js';
import { Answers } from './documented.js';
import { type Resource, tell, tellChanged, tellDefined, tellMade } from './resource.js';

const PREFIX = '/definition';

const workflows: Resource<WorkflowRow, WorkflowAnswer> = {
  collection: 'workflows',
  unknown: unknownWorkflow,
  find: ({ db }, account, id) => findWorkflow(db, account, id),
  answer: answerOf,
  positionOf: ({ position }) => position,
};

@ApiTags('workflows')
@Controller('api/scheduler/workflows')
export class WorkflowsController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Get()
  @Answers({ status: 200, says: 'Workflows by name.', is: workflowListAnswer })
  async list(@Call() { account }: ApiCall) {
    const rows = await listWorkflows(this.parts.db, account);
    return {
      workflows: rows.map((row) => {
        const { definition: _, ...told } = answerOf(row);
        return told;
      }),
    };
  }

  @Post()
  @Answers({ status: 201, says: 'It was saved.', is: workflowAnswer, idempotent: true })
  async create(@Call() call: ApiCall, @Body({ schema: workflowBody }) body: WorkflowInputShape) {
    const changed = await saveWorkflow(this.parts, call.by, body);
    tellMade(call, workflows, changed);
    return tellChanged(this.parts, workflows, call, changed);
  }

  @Post('check')
  @Answers({
    status: 200,
    says: 'What is wrong with it; nothing is saved.',
    is: workflowCheckAnswer,
  })
  async check(@Body({ schema: workflowCheckBody }) body: z.output<typeof workflowCheckBody>) {
    const { faults, reference } = await checkWorkflow(this.parts, body.definition);
    return {
      reference,
      problems: faults.map(({ path, code, message, remedy = '' }) => ({
        path: path.slice(PREFIX.length),
        code,
        message,
        remedy,
      })),
    };
  }

  @Get(':workflowId')
  @Answers({ status: 200, says: 'The workflow.', is: workflowAnswer, etag: true })
  read(@Call() call: ApiCall, @Param('workflowId') id: string) {
    return tell(this.parts, workflows, call, id);
  }

  @Get(':workflowId/versions')
  @Answers({ status: 200, says: 'Its versions, the newest first.', is: workflowVersionsAnswer })
  async versions(@Call() { account }: ApiCall, @Param('workflowId') id: string) {
    const workflowId = idOr(unknownWorkflow, id);
    const rows = await versionsOfWorkflow(this.parts.db, account, workflowId);
    if (rows.length === 0) throw unknownWorkflow(workflowId);
    return {
      versions: rows.map(({ version, name, reference, source, note, saved_at, author }) => ({
        version,
        name,
        reference,
        definition: source,
        note,
        savedAt: saved_at.toISOString(),
        author,
      })),
    };
  }

  @Put(':workflowId')
  @Answers({
    status: 200,
    says: 'A new version was saved; runs that have begun keep theirs.',
    is: workflowAnswer,
    idempotent: true,
    ifMatch: true,
  })
  async replace(
    @Call() call: ApiCall,
    @IfMatch() expectedPosition: number | undefined,
    @Param('workflowId') id: string,
    @Body({ schema: workflowBody }) body: WorkflowInputShape,
  ) {
    const wish = { workflowId: idOr(unknownWorkflow, id), ...body, expectedPosition };
    const changed = await saveWorkflow(this.parts, call.by, wish);
    return tellChanged(this.parts, workflows, call, changed);
  }

  @Delete(':workflowId')
  @Answers({
    status: 204,
    says: 'It is gone. While a task runs it: 409 workflow-in-use.',
    idempotent: true,
    ifMatch: true,
  })
  async remove(
    @Call() call: ApiCall,
    @IfMatch() expectedPosition: number | undefined,
    @Param('workflowId') id: string,
  ): Promise<void> {
    const workflowId = idOr(unknownWorkflow, id);
    tellDefined(call, await deleteWorkflow(this.parts, call.by, workflowId, expectedPosition));
  }
}

function answerOf(row: WorkflowRow): WorkflowAnswer {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    reference: row.reference,
    definition: row.source,
    note: row.note,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    createdBy: row.created_by,
    updatedBy: row.updated_by,
  };
}
