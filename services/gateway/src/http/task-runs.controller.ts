import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownTask } from '../problems/unknown.js';
import { findTask } from '../queries/tasks.js';
import { runTask } from '../runs/run-task.js';
import { executionListAnswer, runAcceptedAnswer } from '../shapes/execution-answers.js';
import { type ExecutionsQuery, runBody, taskExecutionsQuery } from '../shapes/requests.js';
import { type ApiCall, Call, idOr } from './call.js';
import { Answers } from './documented.js';
import { runAnswerOf } from './execution-answers.js';
import { executionPageOf } from './execution-pages.js';

/** What runs of a task there are, and one more. */
@ApiTags('tasks')
@Controller('api/scheduler/tasks')
export class TaskRunsController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Post(':taskId/run')
  @Answers({
    status: 202,
    says: 'The run is queued.',
    is: runAcceptedAnswer,
    idempotent: true,
    rateLimited: true,
  })
  async run(
    @Call() call: ApiCall,
    @Param('taskId') id: string,
    @Body({ schema: runBody }) body: z.output<typeof runBody>,
  ) {
    const taskId = idOr(unknownTask, id);
    return runAnswerOf(await runTask(this.parts, call.by, { taskId, ...body }), call);
  }

  @Get(':taskId/executions')
  @Answers({
    status: 200,
    says: 'Executions of the task, the newest first.',
    is: executionListAnswer,
  })
  async executions(
    @Call() { account }: ApiCall,
    @Param('taskId') id: string,
    @Query({ schema: taskExecutionsQuery }) query: ExecutionsQuery,
  ) {
    const { db } = this.parts;
    const taskId = idOr(unknownTask, id);
    const page = await executionPageOf(db, account, { ...query, taskId });
    // A deleted task keeps its history; only one that never was is unknown.
    if (page.executions.length === 0 && !(await findTask(db, account, taskId)))
      throw unknownTask(taskId);
    return page;
  }
}
