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
import { readIdempotencyKey } from '../command-id.js';
import { parseOrRefuse } from '../faults-of.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { changesOf } from '../live/changes.js';
import { tailLog } from '../live/log-tail.js';
import { mapped } from '../live/wake.js';
import { unknownExecution } from '../problem.js';
import { executionsByIds, findExecution, listExecutions } from '../queries/executions.js';
import { readLog } from '../queries/logs.js';
import { pageOf, readLogCursor, readTimeCursor } from '../queries/page.js';
import { readWait } from '../read-wait.js';
import { cancelExecution, retryExecution } from '../run-task.js';
import { reasonText, retryBody, searchText } from '../shapes/requests.js';
import { type LogLevelWord } from '../shapes/words.js';
import { isId, logPageSize, pageSize } from './arguments.js';
import { byOf } from './by.js';
import { Wait } from './capacity-types.js';
import { costsPerRow } from './complexity.js';
import { type OperationContext } from './context.js';
import { LogLevelEnum } from './enums.js';
import { Attempt, Execution, ExecutionFilter, LogPage } from './execution-types.js';
import { ExecutionConnection } from './page-types.js';
import { orProblem } from './problem-answers.js';
import { CancelAccepted, CancelResult, RunResult } from './result-types.js';
import { JsonScalar } from './scalars.js';
import { runView } from './task.resolver.js';
import { Task } from './task-types.js';
import { attemptView, executionView, logPageView, taskView } from './views.js';

const optionalText = { type: () => String, nullable: true } as const;
const optionalInt = { type: () => Int, nullable: true } as const;
const id = { type: () => ID } as const;

@Resolver(() => Execution)
export class ExecutionResolver {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Query(() => Execution, { nullable: true })
  async execution(@Context() { caller }: OperationContext, @Args('id', id) executionId: string) {
    if (!isId(executionId)) return null;
    const row = await findExecution(this.#parts.db, caller.account, executionId);
    return row ? executionView(row) : null;
  }

  @Query(() => ExecutionConnection, { complexity: costsPerRow('first') })
  async executions(
    @Context() { caller }: OperationContext,
    @Args('first', optionalInt) first?: number,
    @Args('after', optionalText) after?: string,
    @Args('filter', { type: () => ExecutionFilter, nullable: true }) filter?: ExecutionFilter,
  ) {
    const limit = pageSize(first);
    const { status, trigger, taskId, backfillId, search } = filter ?? {};
    const page = await listExecutions(
      this.#parts.db,
      caller.account,
      {
        status: status ?? undefined,
        trigger: trigger ?? undefined,
        taskId: taskId ? knownForm(taskId) : undefined,
        backfillId: backfillId ? knownForm(backfillId) : undefined,
        search: search ? parseOrRefuse(searchText, search, { under: '/filter/search' }) : undefined,
      },
      { limit, after: after ? readTimeCursor(after) : undefined },
    );
    const keysetOf = (row: { requested_at: Date; id: string }) => ({
      key: row.requested_at.getTime(),
      id: row.id,
    });
    return pageOf(page, limit, keysetOf, executionView);
  }

  @ResolveField(() => [Attempt])
  async attempts(@Context() { loaders }: OperationContext, @Parent() execution: Execution) {
    return (await loaders.attempts.load(execution.id)).map(attemptView);
  }

  @ResolveField(() => Wait, { nullable: true, description: 'Null: it does not wait.' })
  waitingFor(@Context() { caller }: OperationContext, @Parent() execution: Execution) {
    return readWait(this.#parts, caller, execution);
  }

  @ResolveField(() => Task, { nullable: true, description: 'Null when it was deleted.' })
  async task(@Context() { loaders }: OperationContext, @Parent() execution: Execution) {
    const row = await loaders.task.load(execution.taskId);
    return row === undefined || row.status === 'deleted' ? null : taskView(row);
  }

  @ResolveField(() => LogPage, { complexity: costsPerRow('limit') })
  async logs(
    @Context() { caller }: OperationContext,
    @Parent() execution: Execution,
    @Args('level', { type: () => LogLevelEnum, nullable: true }) level?: LogLevelWord,
    @Args('limit', optionalInt) limit?: number,
    @Args('after', optionalText) after?: string,
    @Args('attempt', optionalInt) attempt?: number,
  ) {
    const page = await readLog(this.#parts.db, caller.account, {
      executionId: execution.id,
      limit: logPageSize(limit),
      level: level ?? undefined,
      attempt: attempt ?? undefined,
      after: after ? readLogCursor(after) : undefined,
    });
    return logPageView(page);
  }

  @Mutation(() => CancelResult)
  cancelExecution(
    @Context() context: OperationContext,
    @Args('id', id) executionId: string,
    @Args('reason', optionalText) reason?: string,
    @Args('force', { type: () => Boolean, nullable: true, description: 'Without grace.' })
    force?: boolean,
  ) {
    return orProblem(this.#parts.log, async () => {
      const said = parseOrRefuse(reasonText, reason ?? '', { under: '/reason' });
      const { position } = await cancelExecution(
        this.#parts,
        byOf(context),
        knownForm(executionId),
        { reason: said, force: force ?? false },
      );
      return Object.assign(new CancelAccepted(), {
        __typename: 'CancelAccepted',
        executionId,
        position: String(position),
      });
    });
  }

  @Mutation(() => RunResult, {
    description: 'A new execution with the input of an ended one, or with an edited one.',
  })
  retryExecution(
    @Context() context: OperationContext,
    @Args('id', id) executionId: string,
    @Args('idempotencyKey', optionalText) key?: string,
    @Args('parameters', { type: () => JsonScalar, nullable: true }) parameters?: unknown,
  ) {
    return orProblem(this.#parts.log, async () => {
      const by = byOf(context, readIdempotencyKey(key ?? undefined));
      const asked = parseOrRefuse(retryBody, { parameters: parameters ?? undefined });
      const of = knownForm(executionId);
      const accepted = await retryExecution(this.#parts, by, of, asked?.parameters);
      return runView(accepted.taskId, accepted);
    });
  }

  @Subscription(() => [Execution], {
    resolve: (value) => value,
    description: 'Executions that changed: at most four batches a second, of at most 200 each.',
  })
  executionsChanged(
    @Context() { caller: { account } }: OperationContext,
    @Args('taskId', { type: () => ID, nullable: true }) taskId?: string,
  ) {
    const changes = changesOf(this.#parts, {
      readModel: 'execution',
      account,
      read: async (ids) => {
        const rows = await executionsByIds(this.#parts.db, account, ids);
        return taskId ? rows.filter((row) => row.task_id === taskId) : rows;
      },
    });
    return mapped(changes, (rows) => rows.map(executionView));
  }

  @Subscription(() => Execution, {
    resolve: (value) => value,
    description: 'The execution as it is, and again whenever it has changed.',
  })
  executionChanged(
    @Context() { caller: { account } }: OperationContext,
    @Args('id', id) executionId: string,
  ) {
    const only = knownForm(executionId);
    const changes = changesOf(this.#parts, {
      readModel: 'execution',
      account,
      only,
      atFirst: [only],
      read: (ids) => executionsByIds(this.#parts.db, account, ids),
    });
    // A batch of one id has one row.
    return mapped(changes, (rows) => rows.map(executionView)[0]);
  }

  @Subscription(() => LogPage, {
    resolve: (value) => value,
    description: 'The log after the cursor, then what follows: every line once, in order.',
  })
  logTail(
    @Context() { caller: { account } }: OperationContext,
    @Args('executionId', id) executionId: string,
    @Args('after', optionalText) after?: string,
  ) {
    const pages = tailLog(this.#parts, {
      db: this.#parts.db,
      account,
      executionId: knownForm(executionId),
      after: after ? readLogCursor(after) : undefined,
    });
    return mapped(pages, logPageView);
  }
}

function knownForm(id: string): string {
  if (!isId(id)) throw unknownExecution(id);
  return id;
}
