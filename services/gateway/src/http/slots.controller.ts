import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownSlot, unknownTask } from '../problems/unknown.js';
import { findSlot, listSlots, type SlotRow } from '../queries/slots.js';
import { findTask } from '../queries/tasks.js';
import { type SlotsQuery, slotsQuery } from '../shapes/requests.js';
import { type SlotAnswer, slotExplainedAnswer, slotListAnswer } from '../shapes/slot-answers.js';
import { explained } from '../slots/read-slots.js';
import { type ApiCall, Call, idOr, versionOr } from './call.js';
import { Answers } from './documented.js';
import { nextOf } from './pagination.js';
import { scheduleOf } from './schedules.controller.js';

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;

@ApiTags('slots')
@Controller('api/scheduler/tasks')
export class SlotsController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Get(':taskId/slots')
  @Answers({ status: 200, says: 'Slots with their outcomes, latest first.', is: slotListAnswer })
  async slots(
    @Call() call: ApiCall,
    @Param('taskId') id: string,
    @Query({ schema: slotsQuery }) query: SlotsQuery,
  ) {
    const { limit, after, schedule, ...range } = query;
    const taskId = idOr(unknownTask, id);
    const { db } = this.parts;
    const page = await listSlots(
      db,
      call.account,
      { taskId, ...range, ...(schedule === undefined ? {} : { scheduleId: schedule }) },
      { limit, after },
    );
    // A deleted task keeps its ledger; only one that never was is unknown.
    if (page.rows.length === 0 && !(await findTask(db, call.account, taskId)))
      throw unknownTask(taskId);
    return { slots: page.rows.map(answerOf), pagination: { limit, ...nextOf(page) } };
  }

  @Get(':taskId/slots/:scheduleId/:revision/:local/:pass')
  @Answers({ status: 200, says: 'A slot, and why it came out so.', is: slotExplainedAnswer })
  async slot(
    @Call() call: ApiCall,
    @Param('taskId') taskId: string,
    @Param('scheduleId') scheduleId: string,
    @Param('revision') revision: string,
    @Param('local') local: string,
    @Param('pass') pass: string,
  ) {
    if (!LOCAL.test(local)) throw unknownSlot();
    const row = await findSlot(this.parts.db, call.account, {
      ...scheduleOf(taskId, scheduleId),
      revision: versionOr(unknownSlot(), revision),
      local,
      pass: versionOr(unknownSlot(), pass),
    });
    if (row === undefined) throw unknownSlot();
    const { sentence, chain } = await explained(this.parts.db, call.account, row);
    const told = chain.map(({ at, ...link }) => ({ at: at.toISOString(), ...link }));
    return { ...answerOf(row), explanation: { sentence, chain: told } };
  }
}

function answerOf(row: SlotRow): SlotAnswer {
  return {
    taskId: row.task_id,
    scheduleId: row.schedule_id,
    revision: row.schedule_revision,
    local: row.local,
    pass: row.pass,
    timezone: row.zone,
    dueAt: row.due_at.toISOString(),
    effectiveAt: row.effective_at.toISOString(),
    outcome: row.outcome as SlotAnswer['outcome'],
    cause: row.cause,
    folded: row.folded,
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at.toISOString() }),
    ...(row.execution_id === null ? {} : { executionId: row.execution_id }),
    ...(row.blocking_execution_id === null
      ? {}
      : { blockingExecutionId: row.blocking_execution_id }),
    ...(row.calendar_id === null ? {} : { calendarId: row.calendar_id }),
    ...(row.calendar_version === null ? {} : { calendarVersion: row.calendar_version }),
    ...(row.merged_into === null ? {} : { mergedInto: row.merged_into }),
    ...(row.maintenance_id === null ? {} : { maintenanceId: row.maintenance_id }),
  };
}
