import {
  Body,
  Controller,
  Delete,
  Get,
  Inject,
  Param,
  Patch,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownTask } from '../problems/unknown.js';
import { findTask, listTasks } from '../queries/tasks.js';
import { bulkBody, noBody, pauseBody, taskListQuery } from '../shapes/requests.js';
import {
  bulkAnswer,
  type TaskCreatedAnswer,
  taskAnswer,
  taskCreatedAnswer,
  taskListAnswer,
} from '../shapes/task-answers.js';
import {
  type TaskInputShape,
  type TaskPatchShape,
  taskInputShape,
  taskPatchShape,
} from '../shapes/task-input.js';
import { createTask, doToTask, patchTaskBy, replaceTask } from '../tasks/change-task.js';
import { changeTasks } from '../tasks/change-tasks.js';
import { readTasks } from '../tasks/read-task.js';
import { type ApiCall, Call, IfMatch, idOr } from './call.js';
import { Answers } from './documented.js';
import { paginationOf } from './pagination.js';
import { tell, tellChanged, tellDefined, tellMade } from './resource.js';
import { nextRunOfNew, taskAnswerOf, tasks } from './task-answers.js';

const asItIsNow = { status: 200, says: 'The task as it is now.', is: taskAnswer, idempotent: true };

@ApiTags('tasks')
@Controller('api/scheduler/tasks')
export class TasksController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Post()
  @Answers({ status: 201, says: 'The task was created.', is: taskCreatedAnswer, idempotent: true })
  async create(
    @Call() call: ApiCall,
    @Body({ schema: taskInputShape }) input: TaskInputShape,
  ): Promise<TaskCreatedAnswer> {
    const { task, ...changed } = await createTask(this.parts, call.by, input);
    tellMade(call, tasks, changed);
    const row = await findTask(this.parts.db, call.account, changed.id).catch(() => undefined);
    const nowMs = this.parts.clock.now();
    return {
      taskId: changed.id,
      name: task.name,
      nextRun: await nextRunOfNew(this.parts.db, call.account, task, nowMs),
      status: task.enabled ? 'active' : 'paused',
      // Should the read model be late: it has just been decided.
      createdAt: (row?.created_at ?? new Date(nowMs)).toISOString(),
    };
  }

  @Get()
  @Answers({ status: 200, says: 'Tasks by name.', is: taskListAnswer })
  async list(
    @Call() { account }: ApiCall,
    @Query({ schema: taskListQuery }) query: z.output<typeof taskListQuery>,
  ) {
    const { db, clock } = this.parts;
    const { limit, offset, after, ...filter } = query;
    const window = { limit, offset, after };
    const page = await listTasks(db, account, filter, window);
    const nowMs = clock.now();
    const shown = await readTasks(db, account, page.rows, nowMs);
    return {
      tasks: shown.map((task) => taskAnswerOf(task, nowMs)),
      pagination: paginationOf(page, window),
    };
  }

  @Post('bulk')
  @Answers({ status: 200, says: 'What became of each task.', is: bulkAnswer, idempotent: true })
  async bulk(@Call() call: ApiCall, @Body({ schema: bulkBody }) body: z.output<typeof bulkBody>) {
    const { position, ...outcome } = await changeTasks(this.parts, call.by, body);
    tellDefined(call, { position });
    return outcome;
  }

  @Get(':taskId')
  @Answers({ status: 200, says: 'The task.', is: taskAnswer, etag: true })
  read(@Call() call: ApiCall, @Param('taskId') taskId: string) {
    return tell(this.parts, tasks, call, taskId);
  }

  @Put(':taskId')
  @Answers({ ...asItIsNow, ifMatch: true })
  async replace(
    @Call() call: ApiCall,
    @Param('taskId') id: string,
    @IfMatch() expectedPosition: number | undefined,
    @Body({ schema: taskInputShape }) input: TaskInputShape,
  ) {
    const change = { taskId: idOr(unknownTask, id), input, expectedPosition };
    return tellChanged(this.parts, tasks, call, await replaceTask(this.parts, call.by, change));
  }

  @Patch(':taskId')
  @Answers({ ...asItIsNow, ifMatch: true })
  async patch(
    @Call() call: ApiCall,
    @Param('taskId') id: string,
    @IfMatch() expectedPosition: number | undefined,
    @Body({ schema: taskPatchShape }) patch: TaskPatchShape,
  ) {
    const change = { taskId: idOr(unknownTask, id), patch, expectedPosition };
    return tellChanged(this.parts, tasks, call, await patchTaskBy(this.parts, call.by, change));
  }

  @Delete(':taskId')
  @Answers({ status: 204, says: 'The task is gone; its history stays.', idempotent: true })
  async remove(@Call() call: ApiCall, @Param('taskId') id: string): Promise<void> {
    tellDefined(call, await doToTask(this.parts, call.by, 'delete', idOr(unknownTask, id)));
  }

  @Post(':taskId/pause')
  @Answers(asItIsNow)
  async pause(
    @Call() call: ApiCall,
    @Param('taskId') id: string,
    @Body({ schema: pauseBody }) body: z.output<typeof pauseBody>,
  ) {
    const taskId = idOr(unknownTask, id);
    const changed = await doToTask(this.parts, call.by, 'pause', taskId, body?.reason);
    return tellChanged(this.parts, tasks, call, changed);
  }

  @Post(':taskId/resume')
  @Answers(asItIsNow)
  async resume(
    @Call() call: ApiCall,
    @Param('taskId') id: string,
    @Body({ schema: noBody }) _body: z.output<typeof noBody>,
  ) {
    const changed = await doToTask(this.parts, call.by, 'resume', idOr(unknownTask, id));
    return tellChanged(this.parts, tasks, call, changed);
  }
}
