import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { notReadableYet } from '../problems/problem.js';
import { unknownRedrive } from '../problems/unknown.js';
import {
  findRedrive,
  listRedrives,
  type RedriveRow,
  redrivesByIds,
} from '../queries/dead-letters.js';
import { cancelRedrive, redriveProgressOf, startRedrive } from '../runs/change-dead-letter.js';
import { previewRetries } from '../runs/retry-timeline.js';
import { startRedriveBody } from '../shapes/dead-letter-input.js';
import { retryPolicyShape } from '../shapes/retry-input.js';
import { anId, maybeText } from './args.js';
import { idOr, withoutNulls } from './arguments.js';
import { byOf } from './by.js';
import { type OperationContext } from './context.js';
import { changedRows, Live } from './live.js';
import { lookUp } from './look-up.js';
import { orProblem } from './problem-answers.js';
import {
  ChosenDeadLetters,
  PlannedRetry,
  Redrive,
  RedriveInput,
  RedriveResult,
} from './types/dead-letter-types.js';
import { RetryPolicyInput } from './types/task-types.js';

const input = { type: () => RedriveInput } as const;

@Resolver()
export class RedriveResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Query(() => [Redrive], { description: 'The newest first.' })
  async redrives(@Context() { caller }: OperationContext) {
    return (await listRedrives(this.parts.db, caller.account)).map(redriveView);
  }

  @Query(() => Redrive, { nullable: true })
  redrive(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return lookUp(this.parts, context, { find: findRedrive, view: redriveView, id });
  }

  @Query(() => ChosenDeadLetters, { description: 'How many a redrive would run.' })
  async previewRedrive(
    @Context() context: OperationContext,
    @Args('input', input) asked: RedriveInput,
  ) {
    const body = parseOrRefuse(startRedriveBody, withoutNulls(asked));
    const { count, hasMore } = await startRedrive(this.parts, byOf(context), {
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
    @Args('idempotencyKey', maybeText) key?: string,
  ) {
    return orProblem(this.parts.log, async () => {
      const body = parseOrRefuse(startRedriveBody, withoutNulls(asked));
      const by = byOf(context, key);
      const { redriveId, position } = await startRedrive(this.parts, by, body);
      const row = await findRedrive(this.parts.db, context.caller.account, redriveId ?? '');
      if (row === undefined) throw notReadableYet(position);
      return redriveView(row);
    });
  }

  @Mutation(() => RedriveResult, {
    description: 'What was started goes on; the rest stays a dead letter.',
  })
  cancelRedrive(@Context() context: OperationContext, @Args('id', anId) redriveId: string) {
    return orProblem(this.parts.log, async () => {
      const id = idOr(unknownRedrive, redriveId);
      const { row } = await cancelRedrive(this.parts, byOf(context), id);
      return redriveView(row);
    });
  }

  @Live(() => [Redrive], 'Redrives that moved on, at most four times a second.')
  redrivesChanged(@Context() context: OperationContext) {
    const watched = { readModel: 'redrive', rows: redrivesByIds, view: redriveView };
    return changedRows(this.parts, context, watched);
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
