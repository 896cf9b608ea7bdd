import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownSchedule, unknownTask } from '../problems/unknown.js';
import { type ScheduleVersionRow } from '../queries/schedule-versions.js';
import {
  previewEdit,
  previewFor,
  readVersions,
  restoreVersion,
} from '../schedules/change-schedule.js';
import { toldSchedule } from '../schedules/told-schedule.js';
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
import { taskAnswer } from '../shapes/task-answers.js';
import { type ApiCall, Call, idOr, versionOr } from './call.js';
import { Answers } from './documented.js';
import { tellChanged } from './resource.js';
import { runAnswerOf, tasks } from './task-answers.js';

@ApiTags('schedules')
@Controller('api/scheduler')
export class SchedulesController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Post('schedules/preview')
  @Answers({ status: 200, says: 'What a schedule would do.', is: previewAnswer })
  async preview(@Call() call: ApiCall, @Body({ schema: previewBody }) body: PreviewBody) {
    const { nextRuns, ...preview } = await previewFor(this.parts, call.by.caller, body);
    return { ...preview, nextRuns: nextRuns.map(runAnswerOf) };
  }

  @Post('tasks/:taskId/schedules/:scheduleId/preview-change')
  @Answers({ status: 200, says: 'What an edit would add and remove.', is: changePreviewAnswer })
  async previewChange(
    @Call() call: ApiCall,
    @Param('taskId') taskId: string,
    @Param('scheduleId') scheduleId: string,
    @Body({ schema: previewChangeBody }) body: PreviewChangeBody,
  ) {
    const of = scheduleOf(taskId, scheduleId);
    const change = await previewEdit(this.parts, call.by.caller, of, body);
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
    @Call() call: ApiCall,
    @Param('taskId') taskId: string,
    @Param('scheduleId') scheduleId: string,
  ) {
    const rows = await readVersions(this.parts, call.by.caller, scheduleOf(taskId, scheduleId));
    return { versions: rows.map(versionAnswerOf) };
  }

  @Post('tasks/:taskId/schedules/:scheduleId/versions/:version/restore')
  @Answers({ status: 200, says: 'The task as it is now.', is: taskAnswer, idempotent: true })
  async restore(
    @Call() call: ApiCall,
    @Param('taskId') taskId: string,
    @Param('scheduleId') scheduleId: string,
    @Param('version') version: string,
    @Body({ schema: restoreBody }) body: z.output<typeof restoreBody>,
  ) {
    const of = scheduleOf(taskId, scheduleId);
    const wanted = { ...of, version: versionOr(unknownSchedule(scheduleId), version), ...body };
    const changed = await restoreVersion(this.parts, call.by, wanted);
    return tellChanged(this.parts, tasks, call, { ...changed, id: taskId });
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
