import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  ID,
  Int,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { parseOrRefuse } from '../faults-of.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { changesOf } from '../live/changes.js';
import { readSlotCursor, slotCursorOf } from '../queries/page.js';
import { findSlot, listSlots, type SlotRow } from '../queries/slots.js';
import { explained } from '../read-slots.js';
import { slotsQuery } from '../shapes/requests.js';
import { slotPlaceOf } from '../slot-place.js';
import { isId, pageSize, taskIdOf, withoutNulls } from './arguments.js';
import { costsPerRow } from './complexity.js';
import { type OperationContext } from './context.js';
import { DateTimeScalar } from './scalars.js';
import { Slot, SlotConnection, SlotExplanation } from './slot-types.js';

const id = { type: () => ID } as const;
const int = { type: () => Int } as const;
const optionalInstant = { type: () => DateTimeScalar, nullable: true } as const;

/** An explanation reads half a dozen rows of its own. */
const EXPLANATION_COST = 20;

@Resolver(() => Slot)
export class SlotResolver {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Query(() => SlotConnection, { complexity: costsPerRow('first') })
  async slots(
    @Context() { caller }: OperationContext,
    @Args('taskId', id) taskId: string,
    @Args('first', { type: () => Int, nullable: true }) first?: number,
    @Args('after', { type: () => String, nullable: true }) after?: string,
    @Args('scheduleId', { type: () => ID, nullable: true }) scheduleId?: string,
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
    const rows = await listSlots(
      this.#parts.db,
      caller.account,
      {
        taskId: taskIdOf(taskId),
        ...(schedule === undefined ? {} : { scheduleId: schedule }),
        ...(range.outcome === undefined ? {} : { outcome: range.outcome }),
        ...(range.from === undefined ? {} : { from: range.from }),
        ...(range.to === undefined ? {} : { to: range.to }),
      },
      { limit, ...(after ? { after: readSlotCursor(after) } : {}) },
    );
    const edges = rows
      .slice(0, limit)
      .map((row) => ({ cursor: slotCursorOf(slotPlaceOf(row)), node: slotView(row) }));
    const endCursor = edges.at(-1)?.cursor ?? null;
    return { edges, pageInfo: { hasNextPage: rows.length > limit, endCursor } };
  }

  @Query(() => Slot, { nullable: true })
  async slot(
    @Context() { caller }: OperationContext,
    @Args('taskId', id) taskId: string,
    @Args('scheduleId', id) scheduleId: string,
    @Args('revision', int) revision: number,
    @Args('local', { type: () => String }) local: string,
    @Args('pass', { type: () => Int, defaultValue: 0 }) pass: number,
  ) {
    if (!isId(taskId) || !isId(scheduleId) || local.includes('\u0000')) return null;
    const key = { taskId, scheduleId, revision, local, pass };
    const row = await findSlot(this.#parts.db, caller.account, key);
    return row ? slotView(row) : null;
  }

  @Subscription(() => [ID], {
    resolve: (value) => value,
    description: 'Tasks whose slots moved on, at most four times a second.',
  })
  slotsChanged(
    @Context() { caller: { account } }: OperationContext,
    @Args('taskId', { type: () => ID, nullable: true }) taskId?: string,
  ) {
    return changesOf(this.#parts, {
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
    const { sentence, chain } = await explained(this.#parts.db, caller.account, slot.row);
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
