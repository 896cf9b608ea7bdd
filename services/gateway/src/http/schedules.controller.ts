import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type z } from 'zod';
import { previewEdit, previewFor, readVersions, restoreVersion } from '../change-schedule.js';
import { type By } from '../change-task.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { notReadableYet, unknownSchedule, unknownTask } from '../problem.js';
import { type ScheduleVersionRow } from '../queries/schedule-versions.js';
import { readTask } from '../read-task.js';
import { taskAnswer } from '../shapes/answers.js';
import {
  type PreviewBody,
  type PreviewChangeBody,
  previewBody,
  previewChangeBody,
} from '../shapes/preview-input.js';
import { restoreBody } from '../shapes/requests.js';
import {
  changePreviewAnswer,
  previewAnswer,
  scheduleVersionsAnswer,
} from '../shapes/schedule-answers.js';
import { toldSchedule } from '../told-schedule.js';
import { AskedBy, etagOf, idOr, versionOr } from './asked-by.js';
import { Answers } from './documented.js';
import { runAnswerOf, taskAnswerOf } from './task-answers.js';
import { tellPosition } from './tell-position.js';

@ApiTags('schedules')
@Controller('api/scheduler')
export class SchedulesController {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Post('schedules/preview')
  @HttpCode(200)
  @Answers({ status: 200, says: 'What a schedule would do.', is: previewAnswer })
  async preview(@AskedBy() by: By, @Body({ schema: previewBody }) body: PreviewBody) {
    const { nextRuns, ...preview } = await previewFor(this.#parts, by.caller, body);
    return { ...preview, nextRuns: nextRuns.map(runAnswerOf) };
  }

  @Post('tasks/:taskId/schedules/:scheduleId/preview-change')
  @HttpCode(200)
  @Answers({ status: 200, says: 'What an edit would add and remove.', is: changePreviewAnswer })
  async previewChange(
    @AskedBy() by: By,
    @Param('taskId') taskId: string,
    @Param('scheduleId') scheduleId: string,
    @Body({ schema: previewChangeBody }) body: PreviewChangeBody,
  ) {
    const of = scheduleOf(taskId, scheduleId);
    const change = await previewEdit(this.#parts, by.caller, of, body);
    return {
      ...change,
      comparedUntil: change.comparedUntil.toISOString(),
      added: change.added.map(runAnswerOf),
      removed: change.removed.map(runAnswerOf),
    };
  }

  @Get('tasks/:taskId/schedules/:scheduleId/versions')
  @Answers({ status: 200, says: 'Its versions, the newest first.', is: scheduleVersionsAnswer })
  async versions(
    @AskedBy() by: By,
    @Param('taskId') taskId: string,
    @Param('scheduleId') scheduleId: string,
  ) {
    const rows = await readVersions(this.#parts, by.caller, scheduleOf(taskId, scheduleId));
    return { versions: rows.map(versionAnswerOf) };
  }

  @Post('tasks/:taskId/schedules/:scheduleId/versions/:version/restore')
  @HttpCode(200)
  @Answers({ status: 200, says: 'The task as it is now.', is: taskAnswer, idempotent: true })
  async restore(
    @AskedBy() by: By,
    @Param('taskId') taskId: string,
    @Param('scheduleId') scheduleId: string,
    @Param('version') version: string,
    @Body({ schema: restoreBody }) body: z.output<typeof restoreBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const of = scheduleOf(taskId, scheduleId);
    const wanted = { ...of, version: versionOr(unknownSchedule(scheduleId), version), ...body };
    const { position, isReadable } = await restoreVersion(this.#parts, by, wanted);
    tellPosition(reply, 'DEFINITIONS', position);
    if (!isReadable) throw notReadableYet(position);
    const nowMs = this.#parts.clock.now();
    const task = await readTask(this.#parts.db, by.caller.account, taskId, nowMs);
    if (task === undefined) throw unknownTask(taskId);
    reply.header('etag', etagOf(task.row.position));
    return taskAnswerOf(task, nowMs);
  }
}

export function scheduleOf(taskId: string, scheduleId: string) {
  return {
    taskId: idOr(unknownTask, taskId),
    scheduleId: idOr(unknownSchedule, scheduleId),
  };
}

function versionAnswerOf(row: ScheduleVersionRow) {
  return {
    version: row.version,
    revision: row.revision,
    kind: row.kind,
    definition: toldSchedule(row.definition),
    taskPaused: row.task_paused,
    validFrom: row.valid_from.toISOString(),
    validUntil: row.valid_until?.toISOString() ?? null,
    author: row.author,
    note: row.note,
  };
}
