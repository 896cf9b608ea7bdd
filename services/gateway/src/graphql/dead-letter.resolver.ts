import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  ID,
  Int,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { discardMany, discardOne, redriveOne } from '../change-dead-letter.js';
import { readIdempotencyKey } from '../command-id.js';
import { parseOrRefuse } from '../faults-of.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { changesOf } from '../live/changes.js';
import { mapped } from '../live/wake.js';
import { unknownDeadLetter } from '../problem.js';
import {
  type DeadLetterRow,
  deadLettersByIds,
  findDeadLetter,
  listDeadLetters,
} from '../queries/dead-letters.js';
import { findExecution } from '../queries/executions.js';
import { pageOf, readTimeCursor } from '../queries/page.js';
import { discardBody, discardOneBody, redriveBody } from '../shapes/dead-letter-input.js';
import { type DeadLetterCauseWord, type DeadLetterStatusWord } from '../shapes/words.js';
import { isId, pageSize, withoutNulls } from './arguments.js';
import { byOf } from './by.js';
import { costsPerRow } from './complexity.js';
import { type OperationContext } from './context.js';
import {
  ChosenDeadLetters,
  DeadLetter,
  DeadLetterConnection,
  DeadLetterFilter,
  DiscardInput,
  DiscardResult,
} from './dead-letter-types.js';
import { Execution } from './execution-types.js';
import { orProblem } from './problem-answers.js';
import { RunResult } from './result-types.js';
import { JsonScalar } from './scalars.js';
import { runView } from './task.resolver.js';
import { executionView } from './views.js';

const id = { type: () => ID } as const;
const optionalText = { type: () => String, nullable: true } as const;

@Resolver(() => DeadLetter)
export class DeadLetterResolver {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Query(() => DeadLetterConnection, {
    complexity: costsPerRow('first'),
    description: 'The latest first.',
  })
  async deadLetters(
    @Context() { caller }: OperationContext,
    @Args('first', { type: () => Int, nullable: true }) first?: number,
    @Args('after', optionalText) after?: string,
    @Args('filter', { type: () => DeadLetterFilter, nullable: true }) filter?: DeadLetterFilter,
  ) {
    const limit = pageSize(first);
    const { status, cause, taskId, errorCode, from, to } = filter ?? {};
    if (taskId && !isId(taskId)) throw unknownDeadLetter(taskId);
    const page = await listDeadLetters(
      this.#parts.db,
      caller.account,
      {
        status: status ?? ['open'],
        cause: cause ?? undefined,
        taskId: taskId ?? undefined,
        errorCode: errorCode ?? undefined,
        from: from ?? undefined,
        to: to ?? undefined,
      },
      { limit, ...(after ? { after: readTimeCursor(after) } : {}) },
    );
    const keysetOf = (row: DeadLetterRow) => ({ key: row.died_at.getTime(), id: row.id });
    return pageOf(page, limit, keysetOf, deadLetterView);
  }

  @Query(() => DeadLetter, { nullable: true })
  async deadLetter(@Context() { caller }: OperationContext, @Args('id', id) of: string) {
    if (!isId(of)) return null;
    const row = await findDeadLetter(this.#parts.db, caller.account, of);
    return row ? deadLetterView(row) : null;
  }

  @ResolveField(() => Execution, {
    nullable: true,
    description: 'That died: its input, its attempts, its log.',
  })
  async execution(@Context() { caller }: OperationContext, @Parent() letter: DeadLetter) {
    const row = await findExecution(this.#parts.db, caller.account, letter.id);
    return row ? executionView(row) : null;
  }

  @Mutation(() => RunResult, { description: 'Runs it again, with its input or an edited one.' })
  redriveDeadLetter(
    @Context() context: OperationContext,
    @Args('id', id) of: string,
    @Args('parameters', { type: () => JsonScalar, nullable: true }) parameters?: unknown,
    @Args('note', optionalText) note?: string,
    @Args('idempotencyKey', optionalText) key?: string,
  ) {
    return orProblem(this.#parts.log, async () => {
      const by = byOf(context, readIdempotencyKey(key ?? undefined));
      const asked = { parameters: parameters ?? undefined, note: note ?? undefined };
      const body = parseOrRefuse(redriveBody, asked);
      const accepted = await redriveOne(this.#parts, by, knownForm(of), body);
      return runView(accepted.taskId, accepted);
    });
  }

  @Mutation(() => DiscardResult)
  discardDeadLetter(
    @Context() context: OperationContext,
    @Args('id', id) of: string,
    @Args('note', optionalText) note?: string,
  ) {
    return orProblem(this.#parts.log, async () => {
      const body = parseOrRefuse(discardOneBody, { note: note ?? undefined });
      return chosenView(
        await discardOne(this.#parts, byOf(context), knownForm(of), body?.note ?? ''),
      );
    });
  }

  @Mutation(() => DiscardResult)
  discardDeadLetters(
    @Context() context: OperationContext,
    @Args('input', { type: () => DiscardInput }) input: DiscardInput,
    @Args('dryRun', { type: () => Boolean, nullable: true, description: 'Only counts them.' })
    dryRun?: boolean,
    @Args('idempotencyKey', optionalText) key?: string,
  ) {
    return orProblem(this.#parts.log, async () => {
      const body = parseOrRefuse(discardBody, withoutNulls({ ...input, dryRun }));
      const by = byOf(context, readIdempotencyKey(key ?? undefined));
      return chosenView(await discardMany(this.#parts, by, body));
    });
  }

  @Subscription(() => [DeadLetter], {
    resolve: (value) => value,
    description: 'Dead letters that came or were resolved, at most four times a second.',
  })
  deadLettersChanged(@Context() { caller: { account } }: OperationContext) {
    const changes = changesOf(this.#parts, {
      readModel: 'deadLetter',
      account,
      read: (ids) => deadLettersByIds(this.#parts.db, account, ids),
    });
    return mapped(changes, (rows) => rows.map(deadLetterView));
  }
}

function knownForm(of: string): string {
  if (!isId(of)) throw unknownDeadLetter(of);
  return of;
}

function chosenView({ count, hasMore }: { count: number; hasMore: boolean }) {
  const __typename = 'ChosenDeadLetters';
  return Object.assign(new ChosenDeadLetters(), { __typename, count, hasMore });
}

function deadLetterView(row: DeadLetterRow): DeadLetter {
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
