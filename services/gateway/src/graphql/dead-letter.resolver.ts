import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { unknownDeadLetter } from '../problems/unknown.js';
import {
  type DeadLetterRow,
  deadLettersByIds,
  findDeadLetter,
  listDeadLetters,
} from '../queries/dead-letters.js';
import { findExecution } from '../queries/executions.js';
import { discardMany, discardOne, redriveOne } from '../runs/change-dead-letter.js';
import { discardBody, discardOneBody, redriveBody } from '../shapes/dead-letter-input.js';
import { type DeadLetterCauseWord, type DeadLetterStatusWord } from '../shapes/words.js';
import { anId, maybeInt, maybeText } from './args.js';
import { idOr, pageSize, withoutNulls } from './arguments.js';
import { byOf } from './by.js';
import { countedConnection } from './connection.js';
import { type OperationContext } from './context.js';
import { changedRows, Live } from './live.js';
import { lookUp } from './look-up.js';
import { orProblem } from './problem-answers.js';
import { costsPerRow } from './server/complexity.js';
import {
  ChosenDeadLetters,
  DeadLetter,
  DeadLetterConnection,
  DeadLetterFilter,
  DiscardInput,
  DiscardResult,
} from './types/dead-letter-types.js';
import { Execution } from './types/execution-types.js';
import { RunResult } from './types/result-types.js';
import { JsonScalar } from './types/scalars.js';
import { executionView, runView } from './views/execution-views.js';

@Resolver(() => DeadLetter)
export class DeadLetterResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Query(() => DeadLetterConnection, {
    complexity: costsPerRow('first'),
    description: 'The latest first.',
  })
  async deadLetters(
    @Context() { caller }: OperationContext,
    @Args('first', maybeInt) first?: number,
    @Args('after', maybeText) after?: string,
    @Args('filter', { type: () => DeadLetterFilter, nullable: true }) filter?: DeadLetterFilter,
  ) {
    const limit = pageSize(first);
    const { status, cause, taskId, errorCode, from, to } = filter ?? {};
    const page = await listDeadLetters(
      this.parts.db,
      caller.account,
      {
        status: status ?? ['open'],
        cause: cause ?? undefined,
        taskId: taskId ? idOr(unknownDeadLetter, taskId) : undefined,
        errorCode: errorCode ?? undefined,
        from: from ?? undefined,
        to: to ?? undefined,
      },
      { limit, after },
    );
    return countedConnection(page, deadLetterView);
  }

  @Query(() => DeadLetter, { nullable: true })
  deadLetter(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return lookUp(this.parts, context, { find: findDeadLetter, view: deadLetterView, id });
  }

  @ResolveField(() => Execution, {
    nullable: true,
    description: 'That died: its input, its attempts, its log.',
  })
  execution(@Context() context: OperationContext, @Parent() { id }: DeadLetter) {
    return lookUp(this.parts, context, { find: findExecution, view: executionView, id });
  }

  @Mutation(() => RunResult, { description: 'Runs it again, with its input or an edited one.' })
  redriveDeadLetter(
    @Context() context: OperationContext,
    @Args('id', anId) of: string,
    @Args('parameters', { type: () => JsonScalar, nullable: true }) parameters?: unknown,
    @Args('note', maybeText) note?: string,
    @Args('idempotencyKey', maybeText) key?: string,
  ) {
    return orProblem(this.parts.log, async () => {
      const by = byOf(context, key);
      const asked = { parameters: parameters ?? undefined, note: note ?? undefined };
      const body = parseOrRefuse(redriveBody, asked);
      const accepted = await redriveOne(this.parts, by, idOr(unknownDeadLetter, of), body);
      return runView(accepted);
    });
  }

  @Mutation(() => DiscardResult)
  discardDeadLetter(
    @Context() context: OperationContext,
    @Args('id', anId) of: string,
    @Args('note', maybeText) note?: string,
  ) {
    return orProblem(this.parts.log, async () => {
      const body = parseOrRefuse(discardOneBody, { note: note ?? undefined });
      return chosenView(
        await discardOne(this.parts, byOf(context), idOr(unknownDeadLetter, of), body?.note ?? ''),
      );
    });
  }

  @Mutation(() => DiscardResult)
  discardDeadLetters(
    @Context() context: OperationContext,
    @Args('input', { type: () => DiscardInput }) input: DiscardInput,
    @Args('dryRun', { type: () => Boolean, nullable: true, description: 'Only counts them.' })
    dryRun?: boolean,
    @Args('idempotencyKey', maybeText) key?: string,
  ) {
    return orProblem(this.parts.log, async () => {
      const body = parseOrRefuse(discardBody, withoutNulls({ ...input, dryRun }));
      const by = byOf(context, key);
      return chosenView(await discardMany(this.parts, by, body));
    });
  }

  @Live(() => [DeadLetter], 'Dead letters that came or were resolved, at most four times a second.')
  deadLettersChanged(@Context() context: OperationContext) {
    const watched = { readModel: 'deadLetter', rows: deadLettersByIds, view: deadLetterView };
    return changedRows(this.parts, context, watched);
  }
}

function chosenView({ count, hasMore }: { count: number; hasMore: boolean }) {
  const __typename = 'ChosenDeadLetters';
  return Object.assign(new ChosenDeadLetters(), { __typename, count, hasMore });
}

export function deadLetterView(row: DeadLetterRow): DeadLetter {
  return Object.assign(new DeadLetter(), {
    __typename: 'DeadLetter',
    id: row.id,
    taskId: row.task_id,
    taskName: row.task_name,
    cause: row.cause as DeadLetterCauseWord,
    attempts: row.attempts,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    diedAt: row.died_at,
    status: row.status as DeadLetterStatusWord,
    redrivenBy: row.redriven_by,
    redriveId: row.redrive_id,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
    note: row.note,
  });
}
