import { Inject } from '@nestjs/common';
import { Args, Context, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { NEXT_RUNS_DEFAULT } from '../limits.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { findTask, listTasks, tasksByIds } from '../queries/tasks.js';
import { planAround } from '../schedules/judge-slots.js';
import { aheadOf, nextStartsOfAll } from '../schedules/next-starts.js';
import { searchText } from '../shapes/requests.js';
import { type TaskStatusWord, type TaskTypeWord } from '../shapes/words.js';
import { anId, maybeInt, maybeText } from './args.js';
import { pageSize, recentCount, runsCount } from './arguments.js';
import { countedConnection } from './connection.js';
import { type OperationContext, surroundingsFor } from './context.js';
import { changedRows, Live } from './live.js';
import { lookUp } from './look-up.js';
import { costsPerRow } from './server/complexity.js';
import { TaskStatusEnum, TaskTypeEnum } from './types/enums.js';
import { Execution } from './types/execution-types.js';
import { TaskConnection } from './types/page-types.js';
import { DateTimeScalar } from './types/scalars.js';
import { Schedule } from './types/schedule-types.js';
import { Task, TaskStats } from './types/task-types.js';
import { executionView } from './views/execution-views.js';
import { scheduleView, startingTask, statsView, taskView } from './views/task-views.js';

/** Tasks as they are read. */
@Resolver(() => Task)
export class TaskResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Query(() => Task, { nullable: true })
  task(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return lookUp(this.parts, context, { find: findTask, view: taskView, id });
  }

  @Query(() => TaskConnection, { complexity: costsPerRow('first') })
  async tasks(
    @Context() { caller }: OperationContext,
    @Args('first', maybeInt) first?: number,
    @Args('after', maybeText) after?: string,
    @Args('search', maybeText) search?: string,
    @Args('status', { type: () => TaskStatusEnum, nullable: true }) status?: TaskStatusWord,
    @Args('type', { type: () => TaskTypeEnum, nullable: true }) type?: TaskTypeWord,
  ) {
    const limit = pageSize(first);
    const filter = {
      search: search ? parseOrRefuse(searchText, search, { under: '/search' }) : undefined,
      // Deleted tasks are in no list.
      status: status === 'disabled' ? undefined : (status ?? undefined),
      type: type ?? undefined,
    };
    const page = await listTasks(this.parts.db, caller.account, filter, { limit, after });
    return countedConnection(page, taskView);
  }

  @ResolveField(() => [Schedule])
  async schedules(@Context() { loaders }: OperationContext, @Parent() task: Task) {
    const rows = await loaders.schedules.load(task.id);
    const within = startingTask(rows, task);
    return rows.map((row) => scheduleView(row, within));
  }

  @ResolveField(() => TaskStats)
  async stats(@Context() { loaders }: OperationContext, @Parent() task: Task) {
    return statsView(await loaders.stats.load(task.id));
  }

  @ResolveField(() => [DateTimeScalar])
  async nextRuns(
    @Context() { loaders }: OperationContext,
    @Parent() task: Task,
    @Args('count', { type: () => Int, defaultValue: NEXT_RUNS_DEFAULT }) count: number,
  ) {
    const within = startingTask(await loaders.schedules.load(task.id), task);
    const around = await surroundingsFor(loaders, within.schedules);
    const nowMs = this.parts.clock.now();
    const ahead = aheadOf(within, planAround(around), nowMs);
    const next = nextStartsOfAll(ahead, nowMs, runsCount(count));
    return next.map((ms) => new Date(ms));
  }

  @ResolveField(() => DateTimeScalar, { nullable: true, description: 'Null while it is paused.' })
  async nextRun(@Context() context: OperationContext, @Parent() task: Task) {
    return (await this.nextRuns(context, task, 1))[0] ?? null;
  }

  @ResolveField(() => [Execution], { complexity: costsPerRow('limit') })
  async recentExecutions(
    @Context() { loaders }: OperationContext,
    @Parent() task: Task,
    @Args('limit', { type: () => Int, defaultValue: 20 }) limit: number,
  ) {
    const rows = await loaders.recent(recentCount(limit)).load(task.id);
    return rows.map(executionView);
  }

  @Live(
    () => [Task],
    'Tasks that changed, at most four times a second; a deleted one is `disabled`.',
  )
  tasksChanged(@Context() context: OperationContext) {
    const watched = { readModel: 'task', rows: tasksByIds, view: taskView };
    return changedRows(this.parts, context, watched);
  }
}
