import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { cancelRedrive, redriveProgressOf, startRedrive } from '../change-dead-letter.js';
import { readIdempotencyKey } from '../command-id.js';
import { parseOrRefuse } from '../faults-of.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { changesOf } from '../live/changes.js';
import { mapped } from '../live/wake.js';
import { notReadableYet, unknownRedrive } from '../problem.js';
import {
  findRedrive,
  listRedrives,
  type RedriveRow,
  redrivesByIds,
} from '../queries/dead-letters.js';
import { previewRetries } from '../retry-timeline.js';
import { startRedriveBody } from '../shapes/dead-letter-input.js';
import { retryPolicyShape } from '../shapes/retry-input.js';
import { isId, withoutNulls } from './arguments.js';
import { byOf } from './by.js';
import { type OperationContext } from './context.js';
import {
  ChosenDeadLetters,
  PlannedRetry,
  Redrive,
  RedriveInput,
  RedriveResult,
} from './dead-letter-types.js';
import { orProblem } from './problem-answers.js';
import { RetryPolicyInput } from './task-types.js';

const id = { type: () => ID } as const;
const input = { type: () => RedriveInput } as const;

@Resolver()
export class RedriveResolver {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Query(() => [Redrive], { description: 'The newest first.' })
  async redrives(@Context() { caller }: OperationContext) {
    return (await listRedrives(this.#parts.db, caller.account)).map(redriveView);
  }

  @Query(() => Redrive, { nullable: true })
  async redrive(@Context() { caller }: OperationContext, @Args('id', id) redriveId: string) {
    if (!isId(redriveId)) return null;
    const row = await findRedrive(this.#parts.db, caller.account, redriveId);
    return row ? redriveView(row) : null;
  }

  @Query(() => ChosenDeadLetters, { description: 'How many a redrive would run.' })
  async previewRedrive(
    @Context() context: OperationContext,
    @Args('input', input) asked: RedriveInput,
  ) {
    const body = parseOrRefuse(startRedriveBody, withoutNulls(asked));
    const { count, hasMore } = await startRedrive(this.#parts, byOf(context), {
      ...body,
      dryRun: true,
    });
    return { count, hasMore };
  }

  @Query(() => [PlannedRetry], { description: 'When the retries of a policy would come.' })
  retryTimeline(
    @Args('policy', { type: () => RetryPolicyInput }) policy: RetryPolicyInput,
  ): PlannedRetry[] {
    const asked = parseOrRefuse(retryPolicyShape, withoutNulls(policy), { under: '/policy' });
    return previewRetries(asked);
  }

  @Mutation(() => RedriveResult)
  startRedrive(
    @Context() context: OperationContext,
    @Args('input', input) asked: RedriveInput,
    @Args('idempotencyKey', { type: () => String, nullable: true }) key?: string,
  ) {
    return orProblem(this.#parts.log, async () => {
      const body = parseOrRefuse(startRedriveBody, withoutNulls(asked));
      const by = byOf(context, readIdempotencyKey(key ?? undefined));
      const { redriveId, position } = await startRedrive(this.#parts, by, body);
      const row = await findRedrive(this.#parts.db, context.caller.account, redriveId ?? '');
      if (row === undefined) throw notReadableYet(position);
      return redriveView(row);
    });
  }

  @Mutation(() => RedriveResult, {
    description: 'What was started goes on; the rest stays a dead letter.',
  })
  cancelRedrive(@Context() context: OperationContext, @Args('id', id) redriveId: string) {
    return orProblem(this.#parts.log, async () => {
      if (!isId(redriveId)) throw unknownRedrive(redriveId);
      const { row } = await cancelRedrive(this.#parts, byOf(context), redriveId);
      return redriveView(row);
    });
  }

  @Subscription(() => [Redrive], {
    resolve: (value) => value,
    description: 'Redrives that moved on, at most four times a second.',
  })
  redrivesChanged(@Context() { caller: { account } }: OperationContext) {
    const changes = changesOf(this.#parts, {
      readModel: 'redrive',
      account,
      read: (ids) => redrivesByIds(this.#parts.db, account, ids),
    });
    return mapped(changes, (rows) => rows.map(redriveView));
  }
}

function redriveView(row: RedriveRow): Redrive {
  return Object.assign(new Redrive(), {
    __typename: 'Redrive',
    id: row.id,
    status: row.status,
    deadLetters: row.dead_letters,
    perMinute: row.per_minute,
    note: row.note,
    author: row.author,
    progress: redriveProgressOf(row),
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  });
}
