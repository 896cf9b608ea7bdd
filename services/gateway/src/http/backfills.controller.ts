import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { type Slot } from '#libs/cron';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownBackfill, unknownTask } from '../problems/unknown.js';
import { type BackfillRow, findBackfill, listBackfills } from '../queries/backfills.js';
import { findTask } from '../queries/tasks.js';
import {
  type BackfillVerb,
  changeBackfill,
  progressOf,
  startBackfill,
} from '../runs/change-backfill.js';
import { leftOutInAll } from '../runs/plan-backfill.js';
import {
  type BackfillAnswer,
  type BackfillInput,
  backfillAnswer,
  backfillBody,
  backfillListAnswer,
  backfillPlanAnswer,
} from '../shapes/backfill-input.js';
import { noBody } from '../shapes/requests.js';
import { type ApiCall, Call, idOr, tellLocation, tellPosition } from './call.js';
import { Answers } from './documented.js';
import { type Resource, tell } from './resource.js';

const changed = { status: 200, says: 'As it is now.', is: backfillAnswer, idempotent: true };
type NoBody = z.output<typeof noBody>;

const backfills: Resource<BackfillRow, BackfillAnswer> = {
  collection: 'backfills',
  unknown: unknownBackfill,
  find: ({ db }, account, id) => findBackfill(db, account, id),
  answer: answerOf,
};

@ApiTags('backfills')
@Controller('api/scheduler')
export class BackfillsController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Post('tasks/:taskId/backfills')
  @Answers({
    status: 202,
    says: 'The slots run, a few at a time; a dry run only counts them.',
    is: backfillPlanAnswer,
    idempotent: true,
  })
  async startBackfill(
    @Call() call: ApiCall,
    @Param('taskId') id: string,
    @Body({ schema: backfillBody }) body: BackfillInput,
  ) {
    const asked = { ...body, taskId: idOr(unknownTask, id) };
    const told = await startBackfill(this.parts, call.by, asked);
    const { position, backfillId, first, last, count, leftOut } = told;
    if (backfillId === null) call.reply.status(200);
    else {
      tellPosition(call, 'DISPATCH', position);
      tellLocation(call, 'backfills', backfillId);
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
  async backfills(@Call() call: ApiCall, @Param('taskId') id: string) {
    const taskId = idOr(unknownTask, id);
    const { account } = call;
    const rows = await listBackfills(this.parts.db, account, taskId);
    if (rows.length === 0 && !(await findTask(this.parts.db, account, taskId)))
      throw unknownTask(taskId);
    return { backfills: rows.map(answerOf) };
  }

  @Get('backfills/:backfillId')
  @Answers({ status: 200, says: 'The backfill and its progress.', is: backfillAnswer })
  backfill(@Call() call: ApiCall, @Param('backfillId') id: string) {
    return tell(this.parts, backfills, call, id);
  }

  @Post('backfills/:backfillId/pause')
  @Answers({ ...changed, says: 'Nothing more of it starts until it is resumed.' })
  pause(
    @Call() call: ApiCall,
    @Param('backfillId') id: string,
    @Body({ schema: noBody }) _body: NoBody,
  ) {
    return this.#change(call, id, 'pause');
  }

  @Post('backfills/:backfillId/resume')
  @Answers(changed)
  resume(
    @Call() call: ApiCall,
    @Param('backfillId') id: string,
    @Body({ schema: noBody }) _body: NoBody,
  ) {
    return this.#change(call, id, 'resume');
  }

  @Post('backfills/:backfillId/cancel')
  @Answers({ ...changed, says: 'What runs goes on; the rest does not start.' })
  cancel(
    @Call() call: ApiCall,
    @Param('backfillId') id: string,
    @Body({ schema: noBody }) _body: NoBody,
  ) {
    return this.#change(call, id, 'cancel');
  }

  async #change(call: ApiCall, id: string, verb: BackfillVerb) {
    const backfillId = idOr(unknownBackfill, id);
    const { row, position } = await changeBackfill(this.parts, call.by, backfillId, verb);
    tellPosition(call, 'DISPATCH', position);
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
