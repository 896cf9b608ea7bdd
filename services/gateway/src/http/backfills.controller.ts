import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type z } from 'zod';
import { type Slot } from '#libs/cron';
import {
  type BackfillVerb,
  changeBackfill,
  progressOf,
  startBackfill,
} from '../change-backfill.js';
import { type By } from '../change-task.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { leftOutInAll } from '../plan-backfill.js';
import { unknownBackfill, unknownTask } from '../problem.js';
import { type BackfillRow, findBackfill, listBackfills } from '../queries/backfills.js';
import { findTask } from '../queries/tasks.js';
import {
  type BackfillAnswer,
  type BackfillInput,
  backfillAnswer,
  backfillBody,
  backfillListAnswer,
  backfillPlanAnswer,
} from '../shapes/backfill-input.js';
import { noBody } from '../shapes/requests.js';
import { AskedBy, idOr } from './asked-by.js';
import { Answers } from './documented.js';
import { tellPosition } from './tell-position.js';

const changed = { status: 200, says: 'As it is now.', is: backfillAnswer, idempotent: true };
type NoBody = z.output<typeof noBody>;

@ApiTags('backfills')
@Controller('api/scheduler')
export class BackfillsController {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Post('tasks/:taskId/backfills')
  @HttpCode(202)
  @Answers({
    status: 202,
    says: 'The slots run, a few at a time; a dry run only counts them.',
    is: backfillPlanAnswer,
    idempotent: true,
  })
  async startBackfill(
    @AskedBy() by: By,
    @Param('taskId') id: string,
    @Body({ schema: backfillBody }) body: BackfillInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const asked = { ...body, taskId: idOr(unknownTask, id) };
    const { position, backfillId, first, last, count, leftOut } = await startBackfill(
      this.#parts,
      by,
      asked,
    );
    if (backfillId === null) reply.status(200);
    else {
      tellPosition(reply, 'DISPATCH', position);
      reply.header('location', `/api/scheduler/backfills/${backfillId}`);
    }
    return {
      backfillId,
      count,
      leftOut: leftOutInAll(leftOut),
      leftOutBy: leftOut,
      first: slotAnswerOf(first),
      last: slotAnswerOf(last),
    };
  }

  @Get('tasks/:taskId/backfills')
  @Answers({ status: 200, says: 'Backfills of the task, newest first.', is: backfillListAnswer })
  async backfills(@AskedBy() by: By, @Param('taskId') id: string) {
    const taskId = idOr(unknownTask, id);
    const { account } = by.caller;
    const rows = await listBackfills(this.#parts.db, account, taskId);
    if (rows.length === 0 && !(await findTask(this.#parts.db, account, taskId)))
      throw unknownTask(taskId);
    return { backfills: rows.map(answerOf) };
  }

  @Get('backfills/:backfillId')
  @Answers({ status: 200, says: 'The backfill and its progress.', is: backfillAnswer })
  async backfill(@AskedBy() by: By, @Param('backfillId') id: string) {
    const backfillId = idOr(unknownBackfill, id);
    const row = await findBackfill(this.#parts.db, by.caller.account, backfillId);
    if (row === undefined) throw unknownBackfill(backfillId);
    return answerOf(row);
  }

  @Post('backfills/:backfillId/pause')
  @HttpCode(200)
  @Answers({ ...changed, says: 'Nothing more of it starts until it is resumed.' })
  pause(
    @AskedBy() by: By,
    @Param('backfillId') id: string,
    @Body({ schema: noBody }) _body: NoBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.#change(by, id, 'pause', reply);
  }

  @Post('backfills/:backfillId/resume')
  @HttpCode(200)
  @Answers(changed)
  resume(
    @AskedBy() by: By,
    @Param('backfillId') id: string,
    @Body({ schema: noBody }) _body: NoBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.#change(by, id, 'resume', reply);
  }

  @Post('backfills/:backfillId/cancel')
  @HttpCode(200)
  @Answers({ ...changed, says: 'What runs goes on; the rest does not start.' })
  cancel(
    @AskedBy() by: By,
    @Param('backfillId') id: string,
    @Body({ schema: noBody }) _body: NoBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.#change(by, id, 'cancel', reply);
  }

  async #change(by: By, id: string, verb: BackfillVerb, reply: FastifyReply) {
    const backfillId = idOr(unknownBackfill, id);
    const { row, position } = await changeBackfill(this.#parts, by, backfillId, verb);
    tellPosition(reply, 'DISPATCH', position);
    return answerOf(row);
  }
}

function slotAnswerOf(slot: Slot | undefined) {
  if (slot === undefined) return null;
  return { at: new Date(slot.dueAtMs).toISOString(), local: slot.local };
}

function answerOf(row: BackfillRow): BackfillAnswer {
  return {
    id: row.id,
    taskId: row.task_id,
    scheduleId: row.schedule_id,
    status: row.status as BackfillAnswer['status'],
    slots: row.slots,
    firstDueAt: row.first_due_at?.toISOString() ?? null,
    lastDueAt: row.last_due_at?.toISOString() ?? null,
    concurrency: row.concurrency,
    note: row.note,
    author: row.author,
    progress: progressOf(row),
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
