import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { readWait } from '../capacity/read-wait.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { tailLog } from '../live/log-tail.js';
import { mapped } from '../live/wake.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { unknownExecution } from '../problems/unknown.js';
import {
  type ExecutionRow,
  executionsByIds,
  findExecution,
  listExecutions,
} from '../queries/executions.js';
import { checkedLogCursor, readLog } from '../queries/logs.js';
import { stepsOfRun } from '../queries/workflows.js';
import { cancelExecution, retryExecution } from '../runs/run-task.js';
import { reasonText, retryBody, searchText } from '../shapes/requests.js';
import { type LogLevelWord } from '../shapes/words.js';
import { anId, maybeId, maybeInt, maybeText } from './args.js';
import { idOr, logPageSize, pageSize } from './arguments.js';
import { byOf } from './by.js';
import { countedConnection } from './connection.js';
import { type OperationContext } from './context.js';
import { deadLetterView } from './dead-letter.resolver.js';
import { changedRow, changedRows, Live } from './live.js';
import { lookUp } from './look-up.js';
import { orProblem } from './problem-answers.js';
import { costsPerRow } from './server/complexity.js';
import { Wait } from './types/capacity-types.js';
import { DeadLetter } from './types/dead-letter-types.js';
import { LogLevelEnum } from './types/enums.js';
import { Attempt, Execution, ExecutionFilter, LogPage } from './types/execution-types.js';
import { ExecutionConnection } from './types/page-types.js';
import { CancelAccepted, CancelResult, RunResult } from './types/result-types.js';
import { JsonScalar } from './types/scalars.js';
import { Task } from './types/task-types.js';
import { RunStep } from './types/workflow-types.js';
import {
  attemptView,
  executionView,
  logPageView,
  runView,
  stepView,
} from './views/execution-views.js';
import { taskView } from './views/task-views.js';

const executions = { readModel: 'execution', rows: executionsByIds, view: executionView };

@Resolver(() => Execution)
export class ExecutionResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Query(() => Execution, { nullable: true })
  execution(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return lookUp(this.parts, context, { find: findExecution, view: executionView, id });
  }

  @Query(() => ExecutionConnection, { complexity: costsPerRow('first') })
  async executions(
    @Context() { caller }: OperationContext,
    @Args('first', maybeInt) first?: number,
    @Args('after', maybeText) after?: string,
    @Args('filter', { type: () => ExecutionFilter, nullable: true }) filter?: ExecutionFilter,
  ) {
    const limit = pageSize(first);
    const { status, trigger, taskId, backfillId, search } = filter ?? {};
    const page = await listExecutions(
      this.parts.db,
      caller.account,
      {
        status: status ?? undefined,
        trigger: trigger ?? undefined,
        taskId: taskId ? knownForm(taskId) : undefined,
        backfillId: backfillId ? knownForm(backfillId) : undefined,
        search: search ? parseOrRefuse(searchText, search, { under: '/filter/search' }) : undefined,
      },
      { limit, after },
    );
    return countedConnection(page, executionView);
  }

  @ResolveField(() => [Attempt])
  async attempts(@Context() { loaders }: OperationContext, @Parent() execution: Execution) {
    return (await loaders.attempts.load(execution.id)).map(attemptView);
  }

  @ResolveField(() => [RunStep], { description: 'Of a workflow, in their order.' })
  async steps(@Context() { caller }: OperationContext, @Parent() execution: Execution) {
    if (execution.type !== 'workflow') return [];
    const rows = await stepsOfRun(this.parts.db, caller.account, execution.id);
    return rows.map(stepView);
  }

  @ResolveField(() => Wait, { nullable: true, description: 'Null: it does not wait.' })
  waitingFor(@Context() { caller }: OperationContext, @Parent() execution: Execution) {
    return readWait(this.parts, caller.account, execution);
  }

  @ResolveField(() => Task, { nullable: true, description: 'Null when it was deleted.' })
  async task(@Context() { loaders }: OperationContext, @Parent() execution: Execution) {
    const row = await loaders.task.load(execution.taskId);
    return row === undefined || row.status === 'deleted' ? null : taskView(row);
  }

  @ResolveField(() => DeadLetter, {
    nullable: true,
    description: 'What is kept of its bad end, open or resolved; null when nothing is.',
  })
  async deadLetter(@Context() { loaders }: OperationContext, @Parent() execution: Execution) {
    const row = await loaders.deadLetter.load(execution.id);
    return row === undefined ? null : deadLetterView(row);
  }

  @ResolveField(() => LogPage, { complexity: costsPerRow('limit') })
  async logs(
    @Context() { caller }: OperationContext,
    @Parent() execution: Execution,
    @Args('level', { type: () => LogLevelEnum, nullable: true }) level?: LogLevelWord,
    @Args('limit', maybeInt) limit?: number,
    @Args('after', maybeText) after?: string,
    @Args('attempt', maybeInt) attempt?: number,
  ) {
    const page = await readLog(this.parts.db, caller.account, {
      executionId: execution.id,
      limit: logPageSize(limit),
      level: level ?? undefined,
      attempt: attempt ?? undefined,
      after,
    });
    return logPageView(page);
  }

  @Mutation(() => CancelResult)
  cancelExecution(
    @Context() context: OperationContext,
    @Args('id', anId) executionId: string,
    @Args('reason', maybeText) reason?: string,
    @Args('force', { type: () => Boolean, nullable: true, description: 'Without grace.' })
    force?: boolean,
  ) {
    return orProblem(this.parts.log, async () => {
      const said = parseOrRefuse(reasonText, reason ?? '', { under: '/reason' });
      const how = { reason: said, force: force ?? false };
      const of = knownForm(executionId);
      const { position } = await cancelExecution(this.parts, byOf(context), of, how);
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
    @Args('id', anId) executionId: string,
    @Args('idempotencyKey', maybeText) key?: string,
    @Args('parameters', { type: () => JsonScalar, nullable: true }) parameters?: unknown,
    @Args('fromStep', maybeText) fromStep?: string,
  ) {
    return orProblem(this.parts.log, async () => {
      const by = byOf(context, key);
      const told = { parameters: parameters ?? undefined, ...(fromStep && { fromStep }) };
      const asked = parseOrRefuse(retryBody, told);
      const of = knownForm(executionId);
      const accepted = await retryExecution(this.parts, by, of, asked);
      return runView(accepted);
    });
  }

  @Live(
    () => [Execution],
    'Executions that changed: at most four batches a second, of at most 200 each.',
  )
  executionsChanged(
    @Context() context: OperationContext,
    @Args('taskId', maybeId) taskId?: string,
  ) {
    const wants = (row: ExecutionRow) => !taskId || row.task_id === taskId;
    return changedRows(this.parts, context, { ...executions, wants });
  }

  @Live(() => Execution, 'The execution as it is, and again whenever it has changed.')
  executionChanged(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return changedRow(this.parts, context, executions, knownForm(id));
  }

  @Live(() => LogPage, 'The log after the cursor, then what follows: every line once, in order.')
  logTail(
    @Context() { caller: { account } }: OperationContext,
    @Args('executionId', anId) executionId: string,
    @Args('after', maybeText) after?: string,
  ) {
    const pages = tailLog(this.parts, {
      db: this.parts.db,
      account,
      executionId: knownForm(executionId),
      after: checkedLogCursor(after),
    });
    return mapped(pages, logPageView);
  }
}

function knownForm(id: string): string {
  return idOr(unknownExecution, id);
}
