import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { type Slot } from '#libs/cron';
import {
  type BackfillVerb,
  changeBackfill,
  progressOf,
  startBackfill,
} from '../change-backfill.js';
import { readIdempotencyKey } from '../command-id.js';
import { parseOrRefuse } from '../faults-of.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { changesOf } from '../live/changes.js';
import { mapped } from '../live/wake.js';
import { leftOutInAll } from '../plan-backfill.js';
import { notReadableYet, unknownBackfill } from '../problem.js';
import {
  type BackfillRow,
  backfillsByIds,
  findBackfill,
  listBackfills,
} from '../queries/backfills.js';
import { backfillBody } from '../shapes/backfill-input.js';
import { isId, taskIdOf, withoutNulls } from './arguments.js';
import { Backfill, BackfillInput, BackfillPlan, BackfillResult } from './backfill-types.js';
import { byOf } from './by.js';
import { type OperationContext } from './context.js';
import { orProblem } from './problem-answers.js';

const id = { type: () => ID } as const;
const input = { type: () => BackfillInput } as const;

@Resolver()
export class BackfillResolver {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Query(() => [Backfill], { description: 'The newest first.' })
  async backfills(@Context() { caller }: OperationContext, @Args('taskId', id) taskId: string) {
    if (!isId(taskId)) return [];
    return (await listBackfills(this.#parts.db, caller.account, taskId)).map(backfillView);
  }

  @Query(() => Backfill, { nullable: true })
  async backfill(@Context() { caller }: OperationContext, @Args('id', id) backfillId: string) {
    if (!isId(backfillId)) return null;
    const row = await findBackfill(this.#parts.db, caller.account, backfillId);
    return row ? backfillView(row) : null;
  }

  @Query(() => BackfillPlan)
  async previewBackfill(
    @Context() context: OperationContext,
    @Args('taskId', id) taskId: string,
    @Args('input', input) asked: BackfillInput,
  ): Promise<BackfillPlan> {
    const body = parseOrRefuse(backfillBody, withoutNulls(asked));
    const wish = { ...body, dryRun: true, taskId: taskIdOf(taskId) };
    const { count, leftOut, first, last } = await startBackfill(this.#parts, byOf(context), wish);
    const told = { count, leftOut: leftOutInAll(leftOut), leftOutBy: leftOut };
    return { ...told, first: slotView(first), last: slotView(last) };
  }

  @Mutation(() => BackfillResult)
  startBackfill(
    @Context() context: OperationContext,
    @Args('taskId', id) taskId: string,
    @Args('input', input) asked: BackfillInput,
    @Args('idempotencyKey', { type: () => String, nullable: true }) key?: string,
  ) {
    return orProblem(this.#parts.log, async () => {
      const body = parseOrRefuse(backfillBody, withoutNulls(asked));
      const by = byOf(context, readIdempotencyKey(key ?? undefined));
      const wish = { ...body, taskId: taskIdOf(taskId) };
      const { backfillId, position } = await startBackfill(this.#parts, by, wish);
      const row = await findBackfill(this.#parts.db, context.caller.account, backfillId ?? '');
      if (row === undefined) throw notReadableYet(position);
      return backfillView(row);
    });
  }

  @Mutation(() => BackfillResult, { description: 'Nothing more of it starts.' })
  pauseBackfill(@Context() context: OperationContext, @Args('id', id) backfillId: string) {
    return this.#change(context, backfillId, 'pause');
  }

  @Mutation(() => BackfillResult)
  resumeBackfill(@Context() context: OperationContext, @Args('id', id) backfillId: string) {
    return this.#change(context, backfillId, 'resume');
  }

  @Mutation(() => BackfillResult, { description: 'What runs goes on; the rest does not start.' })
  cancelBackfill(@Context() context: OperationContext, @Args('id', id) backfillId: string) {
    return this.#change(context, backfillId, 'cancel');
  }

  @Subscription(() => [Backfill], {
    resolve: (value) => value,
    description: 'Backfills of a task that moved on, at most four times a second.',
  })
  backfillsChanged(
    @Context() { caller: { account } }: OperationContext,
    @Args('taskId', id) taskId: string,
  ) {
    const changes = changesOf(this.#parts, {
      readModel: 'backfill',
      account,
      read: async (ids) => {
        const rows = await backfillsByIds(this.#parts.db, account, ids);
        return rows.filter((row) => row.task_id === taskId);
      },
    });
    return mapped(changes, (rows) => rows.map(backfillView));
  }

  #change(context: OperationContext, backfillId: string, verb: BackfillVerb) {
    return orProblem(this.#parts.log, async () => {
      if (!isId(backfillId)) throw unknownBackfill(backfillId);
      const { row } = await changeBackfill(this.#parts, byOf(context), backfillId, verb);
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
