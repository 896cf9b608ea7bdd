import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type z } from 'zod';
import {
  type By,
  type Changed,
  changeTasks,
  createTask,
  deleteTask,
  patchTaskBy,
  pauseTask,
  replaceTask,
  resumeTask,
} from '../change-task.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { notReadableYet, unknownTask } from '../problem.js';
import { listExecutions } from '../queries/executions.js';
import { readNameCursor } from '../queries/page.js';
import { findTask, listTasks } from '../queries/tasks.js';
import { readTask, readTasks } from '../read-task.js';
import { runTask } from '../run-task.js';
import {
  bulkAnswer,
  executionListAnswer,
  runAcceptedAnswer,
  type TaskCreatedAnswer,
  taskAnswer,
  taskCreatedAnswer,
  taskListAnswer,
} from '../shapes/answers.js';
import {
  bulkBody,
  type ExecutionsQuery,
  noBody,
  pauseBody,
  runBody,
  taskExecutionsQuery,
  taskListQuery,
} from '../shapes/requests.js';
import {
  type TaskInputShape,
  type TaskPatchShape,
  taskInputShape,
  taskPatchShape,
} from '../shapes/task-input.js';
import { AskedBy, etagOf, IfMatch, idOr } from './asked-by.js';
import { Answers } from './documented.js';
import { executionPageOf } from './execution-pages.js';
import { paginationOf } from './pagination.js';
import { nextRunOfNew, taskAnswerOf } from './task-answers.js';
import { tellPosition } from './tell-position.js';

@ApiTags('tasks')
@Controller('api/scheduler/tasks')
export class TasksController {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Post()
  @Answers({ status: 201, says: 'The task was created.', is: taskCreatedAnswer, idempotent: true })
  async create(
    @AskedBy() by: By,
    @Body({ schema: taskInputShape }) input: TaskInputShape,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskCreatedAnswer> {
    const { id, position, task } = await createTask(this.#parts, by, input);
    tellPosition(reply, 'DEFINITIONS', position);
    reply.header('location', `/api/scheduler/tasks/${id}`);
    const row = await findTask(this.#parts.db, by.caller.account, id).catch(() => undefined);
    const nowMs = this.#parts.clock.now();
    return {
      taskId: id,
      name: task.name,
      nextRun: await nextRunOfNew(this.#parts.db, by.caller.account, task, nowMs),
      status: task.enabled ? 'active' : 'paused',
      // Should the read model be late: it has just been decided.
      createdAt: (row?.created_at ?? new Date(nowMs)).toISOString(),
    };
  }

  @Get()
  @Answers({ status: 200, says: 'Tasks by name.', is: taskListAnswer })
  async list(
    @AskedBy() by: By,
    @Query({ schema: taskListQuery }) query: z.output<typeof taskListQuery>,
  ) {
    const { db, clock } = this.#parts;
    const { limit, offset, after, ...filter } = query;
    const window = {
      limit,
      offset,
      after: after === undefined ? undefined : readNameCursor(after),
    };
    const page = await listTasks(db, by.caller.account, filter, window);
    const nowMs = clock.now();
    const shown = await readTasks(db, by.caller.account, page.rows.slice(0, limit), nowMs);
    return {
      tasks: shown.map((task) => taskAnswerOf(task, nowMs)),
      pagination: paginationOf(page, { limit, offset }, ({ name, id }) => ({ key: name, id })),
    };
  }

  @Post('bulk')
  @HttpCode(200)
  @Answers({ status: 200, says: 'What became of each task.', is: bulkAnswer, idempotent: true })
  async bulk(
    @AskedBy() by: By,
    @Body({ schema: bulkBody }) body: z.output<typeof bulkBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { position, ...outcome } = await changeTasks(this.#parts, by, body);
    tellPosition(reply, 'DEFINITIONS', position);
    return outcome;
  }

  @Get(':taskId')
  @Answers({ status: 200, says: 'The task.', is: taskAnswer, etag: true })
  async read(
    @AskedBy() by: By,
    @Param('taskId') taskId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.#tell(by, idOr(unknownTask, taskId), reply);
  }

  @Put(':taskId')
  @Answers({
    status: 200,
    says: 'The task as it is now.',
    is: taskAnswer,
    idempotent: true,
    ifMatch: true,
  })
  async replace(
    @AskedBy() by: By,
    @Param('taskId') id: string,
    @IfMatch() expectedPosition: number | undefined,
    @Body({ schema: taskInputShape }) input: TaskInputShape,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const taskId = idOr(unknownTask, id);
    const changed = await replaceTask(this.#parts, by, { taskId, input, expectedPosition });
    return this.#tellChanged(by, changed, reply);
  }

  @Patch(':taskId')
  @Answers({
    status: 200,
    says: 'The task as it is now.',
    is: taskAnswer,
    idempotent: true,
    ifMatch: true,
  })
  async patch(
    @AskedBy() by: By,
    @Param('taskId') id: string,
    @IfMatch() expectedPosition: number | undefined,
    @Body({ schema: taskPatchShape }) patch: TaskPatchShape,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const taskId = idOr(unknownTask, id);
    const changed = await patchTaskBy(this.#parts, by, { taskId, patch, expectedPosition });
    return this.#tellChanged(by, changed, reply);
  }

  @Delete(':taskId')
  @HttpCode(204)
  @Answers({ status: 204, says: 'The task is gone; its history stays.', idempotent: true })
  async remove(
    @AskedBy() by: By,
    @Param('taskId') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { position } = await deleteTask(this.#parts, by, idOr(unknownTask, id));
    tellPosition(reply, 'DEFINITIONS', position);
  }

  @Post(':taskId/pause')
  @HttpCode(200)
  @Answers({ status: 200, says: 'The task as it is now.', is: taskAnswer, idempotent: true })
  async pause(
    @AskedBy() by: By,
    @Param('taskId') id: string,
    @Body({ schema: pauseBody }) body: z.output<typeof pauseBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const changed = await pauseTask(this.#parts, by, idOr(unknownTask, id), body?.reason);
    return this.#tellChanged(by, changed, reply);
  }

  @Post(':taskId/resume')
  @HttpCode(200)
  @Answers({ status: 200, says: 'The task as it is now.', is: taskAnswer, idempotent: true })
  async resume(
    @AskedBy() by: By,
    @Param('taskId') id: string,
    @Body({ schema: noBody }) _body: z.output<typeof noBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const changed = await resumeTask(this.#parts, by, idOr(unknownTask, id));
    return this.#tellChanged(by, changed, reply);
  }

  @Post(':taskId/run')
  @HttpCode(202)
  @Answers({ status: 202, says: 'The run is queued.', is: runAcceptedAnswer, idempotent: true })
  async run(
    @AskedBy() by: By,
    @Param('taskId') id: string,
    @Body({ schema: runBody }) body: z.output<typeof runBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const taskId = idOr(unknownTask, id);
    const accepted = await runTask(this.#parts, by, { taskId, ...body });
    tellPosition(reply, 'DISPATCH', accepted.position);
    reply.header('location', `/api/scheduler/executions/${accepted.executionId}`);
    return {
      executionId: accepted.executionId,
      taskId,
      status: 'queued' as const,
      queuePosition: accepted.queuePosition,
      estimatedStart: accepted.estimatedStart?.toISOString() ?? null,
    };
  }

  @Get(':taskId/executions')
  @Answers({
    status: 200,
    says: 'Executions of the task, the newest first.',
    is: executionListAnswer,
  })
  async executions(
    @AskedBy() by: By,
    @Param('taskId') id: string,
    @Query({ schema: taskExecutionsQuery }) query: ExecutionsQuery,
  ) {
    const { db } = this.#parts;
    const { account } = by.caller;
    const taskId = idOr(unknownTask, id);
    const page = await executionPageOf({ ...query, taskId }, (filter, window) =>
      listExecutions(db, account, filter, window),
    );
    // A deleted task keeps its history; only one that never was is unknown.
    if (page.executions.length === 0 && !(await findTask(db, account, taskId)))
      throw unknownTask(taskId);
    return page;
  }

  #tellChanged(by: By, { id, position, isReadable }: Changed, reply: FastifyReply) {
    tellPosition(reply, 'DEFINITIONS', position);
    if (!isReadable) throw notReadableYet(position);
    return this.#tell(by, id, reply);
  }

  async #tell(by: By, taskId: string, reply: FastifyReply) {
    const nowMs = this.#parts.clock.now();
    const task = await readTask(this.#parts.db, by.caller.account, taskId, nowMs);
    if (task === undefined) throw unknownTask(taskId);
    reply.header('etag', etagOf(task.row.position));
    return taskAnswerOf(task, nowMs);
  }
}
