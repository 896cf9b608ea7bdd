import { Inject } from '@nestjs/common';
import { Args, Context, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { changesOf } from '../live/changes.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { unknownTask } from '../problems/unknown.js';
import { findSlot, listSlots, type SlotRow } from '../queries/slots.js';
import { slotsQuery } from '../shapes/requests.js';
import { explained } from '../slots/read-slots.js';
import { anId, anInt, maybeId, maybeInt, maybeText, someText } from './args.js';
import { idOr, isId, pageSize, withoutNulls } from './arguments.js';
import { connectionOfPage } from './connection.js';
import { type OperationContext } from './context.js';
import { Live } from './live.js';
import { costsPerRow } from './server/complexity.js';
import { DateTimeScalar } from './types/scalars.js';
import { Slot, SlotConnection, SlotExplanation } from './types/slot-types.js';

const optionalInstant = { type: () => DateTimeScalar, nullable: true } as const;

/** An explanation reads half a dozen rows of its own. */
const EXPLANATION_COST = 20;

@Resolver(() => Slot)
export class SlotResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Query(() => SlotConnection, { complexity: costsPerRow('first') })
  async slots(
    @Context() { caller }: OperationContext,
    @Args('taskId', anId) taskId: string,
    @Args('first', maybeInt) first?: number,
    @Args('after', maybeText) after?: string,
    @Args('scheduleId', maybeId) scheduleId?: string,
    @Args('outcome', { type: () => [String], nullable: true }) outcome?: string[],
    @Args('from', optionalInstant) from?: Date,
    @Args('to', optionalInstant) to?: Date,
  ): Promise<SlotConnection> {
    const limit = pageSize(first);
    const { schedule, ...range } = parseOrRefuse(slotsQuery, {
      ...(withoutNulls({ schedule: scheduleId, outcome }) as object),
      ...(from ? { from: from.toISOString() } : {}),
      ...(to ? { to: to.toISOString() } : {}),
    });
    const page = await listSlots(
      this.parts.db,
      caller.account,
      {
        taskId: idOr(unknownTask, taskId),
        ...(schedule === undefined ? {} : { scheduleId: schedule }),
        ...(range.outcome === undefined ? {} : { outcome: range.outcome }),
        ...(range.from === undefined ? {} : { from: range.from }),
        ...(range.to === undefined ? {} : { to: range.to }),
      },
      { limit, after },
    );
    return connectionOfPage(page, slotView);
  }

  @Query(() => Slot, { nullable: true })
  async slot(
    @Context() { caller }: OperationContext,
    @Args('taskId', anId) taskId: string,
    @Args('scheduleId', anId) scheduleId: string,
    @Args('revision', anInt) revision: number,
    @Args('local', someText) local: string,
    @Args('pass', { type: () => Int, defaultValue: 0 }) pass: number,
  ) {
    if (!isId(taskId) || !isId(scheduleId) || local.includes('\u0000')) return null;
    const key = { taskId, scheduleId, revision, local, pass };
    const row = await findSlot(this.parts.db, caller.account, key);
    return row ? slotView(row) : null;
  }

  @Live(() => [ID], 'Tasks whose slots moved on, at most four times a second.')
  slotsChanged(
    @Context() { caller: { account } }: OperationContext,
    @Args('taskId', maybeId) taskId?: string,
  ) {
    return changesOf(this.parts, {
      readModel: 'slot',
      account,
      ...(taskId ? { only: taskId } : {}),
      // A task may have a thousand of them: whoever listens asks for those that it shows.
      read: async (taskIds) => taskIds,
    });
  }

  @ResolveField(() => SlotExplanation, {
    complexity: ({ childComplexity }) => EXPLANATION_COST + childComplexity,
  })
  async explanation(@Context() { caller }: OperationContext, @Parent() slot: Slot) {
    const { sentence, chain } = await explained(this.parts.db, caller.account, slot.row);
    return { sentence, chain: [...chain] };
  }
}

function slotView(row: SlotRow): Slot {
  return {
    taskId: row.task_id,
    scheduleId: row.schedule_id,
    revision: row.schedule_revision,
    local: row.local,
    pass: row.pass,
    timezone: row.zone,
    dueAt: row.due_at,
    effectiveAt: row.effective_at,
    decidedAt: row.decided_at,
    outcome: row.outcome,
    cause: row.cause,
    executionId: row.execution_id,
    blockingExecutionId: row.blocking_execution_id,
    folded: row.folded,
    calendarId: row.calendar_id,
    calendarVersion: row.calendar_version,
    mergedInto: row.merged_into,
    maintenanceId: row.maintenance_id,
    row,
  };
}
