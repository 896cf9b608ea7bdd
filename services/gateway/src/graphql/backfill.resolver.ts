import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Slot } from '#libs/cron';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { notReadableYet } from '../problems/problem.js';
import { unknownBackfill, unknownTask } from '../problems/unknown.js';
import {
  type BackfillRow,
  backfillsByIds,
  findBackfill,
  listBackfills,
} from '../queries/backfills.js';
import {
  type BackfillVerb,
  changeBackfill,
  progressOf,
  startBackfill,
} from '../runs/change-backfill.js';
import { leftOutInAll } from '../runs/plan-backfill.js';
import { backfillBody } from '../shapes/backfill-input.js';
import { anId, maybeText } from './args.js';
import { idOr, isId, withoutNulls } from './arguments.js';
import { byOf } from './by.js';
import { type OperationContext } from './context.js';
import { changedRows, Live } from './live.js';
import { lookUp } from './look-up.js';
import { orProblem } from './problem-answers.js';
import { Backfill, BackfillInput, BackfillPlan, BackfillResult } from './types/backfill-types.js';

const input = { type: () => BackfillInput } as const;

@Resolver()
export class BackfillResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Query(() => [Backfill], { description: 'The newest first.' })
  async backfills(@Context() { caller }: OperationContext, @Args('taskId', anId) taskId: string) {
    if (!isId(taskId)) return [];
    return (await listBackfills(this.parts.db, caller.account, taskId)).map(backfillView);
  }

  @Query(() => Backfill, { nullable: true })
  backfill(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return lookUp(this.parts, context, { find: findBackfill, view: backfillView, id });
  }

  @Query(() => BackfillPlan)
  async previewBackfill(
    @Context() context: OperationContext,
    @Args('taskId', anId) taskId: string,
    @Args('input', input) asked: BackfillInput,
  ): Promise<BackfillPlan> {
    const body = parseOrRefuse(backfillBody, withoutNulls(asked));
    const wish = { ...body, dryRun: true, taskId: idOr(unknownTask, taskId) };
    const { count, leftOut, first, last } = await startBackfill(this.parts, byOf(context), wish);
    const told = { count, leftOut: leftOutInAll(leftOut), leftOutBy: leftOut };
    return { ...told, first: slotView(first), last: slotView(last) };
  }

  @Mutation(() => BackfillResult)
  startBackfill(
    @Context() context: OperationContext,
    @Args('taskId', anId) taskId: string,
    @Args('input', input) asked: BackfillInput,
    @Args('idempotencyKey', maybeText) key?: string,
  ) {
    return orProblem(this.parts.log, async () => {
      const body = parseOrRefuse(backfillBody, withoutNulls(asked));
      const by = byOf(context, key);
      const wish = { ...body, taskId: idOr(unknownTask, taskId) };
      const { backfillId, position } = await startBackfill(this.parts, by, wish);
      const row = await findBackfill(this.parts.db, context.caller.account, backfillId ?? '');
      if (row === undefined) throw notReadableYet(position);
      return backfillView(row);
    });
  }

  @Mutation(() => BackfillResult, { description: 'Nothing more of it starts.' })
  pauseBackfill(@Context() context: OperationContext, @Args('id', anId) backfillId: string) {
    return this.#change(context, backfillId, 'pause');
  }

  @Mutation(() => BackfillResult)
  resumeBackfill(@Context() context: OperationContext, @Args('id', anId) backfillId: string) {
    return this.#change(context, backfillId, 'resume');
  }

  @Mutation(() => BackfillResult, { description: 'What runs goes on; the rest does not start.' })
  cancelBackfill(@Context() context: OperationContext, @Args('id', anId) backfillId: string) {
    return this.#change(context, backfillId, 'cancel');
  }

  @Live(() => [Backfill], 'Backfills of a task that moved on, at most four times a second.')
  backfillsChanged(@Context() context: OperationContext, @Args('taskId', anId) taskId: string) {
    return changedRows(this.parts, context, {
      readModel: 'backfill',
      rows: backfillsByIds,
      view: backfillView,
      wants: (row) => row.task_id === taskId,
    });
  }

  #change(context: OperationContext, backfillId: string, verb: BackfillVerb) {
    return orProblem(this.parts.log, async () => {
      const id = idOr(unknownBackfill, backfillId);
      const { row } = await changeBackfill(this.parts, byOf(context), id, verb);
      return backfillView(row);
    });
  }
}

function slotView(slot: Slot | undefined) {
  return slot === undefined ? null : { at: new Date(slot.dueAtMs), local: slot.local };
}

function backfillView(row: BackfillRow): Backfill {
  return Object.assign(new Backfill(), {
    __typename: 'Backfill',
    id: row.id,
    taskId: row.task_id,
    scheduleId: row.schedule_id,
    status: row.status,
    slots: row.slots,
    firstDueAt: row.first_due_at,
    lastDueAt: row.last_due_at,
    concurrency: row.concurrency,
    note: row.note,
    author: row.author,
    progress: progressOf(row),
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  });
}
