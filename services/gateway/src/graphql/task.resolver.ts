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
import {
  type Changed,
  createTask,
  deleteTask,
  pauseTask,
  replaceTask,
  resumeTask,
} from '../change-task.js';
import { readIdempotencyKey } from '../command-id.js';
import { parseOrRefuse } from '../faults-of.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { planAround } from '../judge-slots.js';
import { NEXT_RUNS_DEFAULT } from '../limits.js';
import { changesOf } from '../live/changes.js';
import { mapped } from '../live/wake.js';
import { aheadOf, nextStartsOfAll } from '../next-starts.js';
import { notReadableYet, unknownTask } from '../problem.js';
import { pageOf, readNameCursor } from '../queries/page.js';
import { findTask, listTasks, tasksByIds } from '../queries/tasks.js';
import { runTask } from '../run-task.js';
import { reasonText, runBody, searchText } from '../shapes/requests.js';
import { taskInputShape } from '../shapes/task-input.js';
import { type PriorityWord, type TaskStatusWord, type TaskTypeWord } from '../shapes/words.js';
import { isId, pageSize, recentCount, runsCount, taskIdOf, withoutNulls } from './arguments.js';
import { byOf, positionArgument } from './by.js';
import { costsPerRow } from './complexity.js';
import { type OperationContext, surroundingsFor } from './context.js';
import { PriorityEnum, TaskStatusEnum, TaskTypeEnum } from './enums.js';
import { Execution } from './execution-types.js';
import { TaskConnection } from './page-types.js';
import { orProblem } from './problem-answers.js';
import {
  DeleteAccepted,
  DeleteResult,
  RunAccepted,
  RunResult,
  TaskResult,
} from './result-types.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';
import { Schedule } from './schedule-types.js';
import { Task, TaskInput, TaskStats } from './task-types.js';
import { executionView, scheduleView, startingTask, statsView, taskView } from './views.js';

const optionalText = { type: () => String, nullable: true } as const;
const optionalInt = { type: () => Int, nullable: true } as const;
const id = { type: () => ID } as const;

@Resolver(() => Task)
export class TaskResolver {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Query(() => Task, { nullable: true })
  async task(@Context() { caller }: OperationContext, @Args('id', id) taskId: string) {
    if (!isId(taskId)) return null;
    const row = await findTask(this.#parts.db, caller.account, taskId);
    return row ? taskView(row) : null;
  }

  @Query(() => TaskConnection, { complexity: costsPerRow('first') })
  async tasks(
    @Context() { caller }: OperationContext,
    @Args('first', optionalInt) first?: number,
    @Args('after', optionalText) after?: string,
    @Args('search', optionalText) search?: string,
    @Args('status', { type: () => TaskStatusEnum, nullable: true }) status?: TaskStatusWord,
    @Args('type', { type: () => TaskTypeEnum, nullable: true }) type?: TaskTypeWord,
  ) {
    const limit = pageSize(first);
    const page = await listTasks(
      this.#parts.db,
      caller.account,
      {
        search: search ? parseOrRefuse(searchText, search, { under: '/search' }) : undefined,
        // Deleted tasks are in no list.
        status: status === 'disabled' ? undefined : (status ?? undefined),
        type: type ?? undefined,
      },
      { limit, after: after ? readNameCursor(after) : undefined },
    );
    return pageOf(page, limit, ({ name, id }) => ({ key: name, id }), taskView);
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
    const nowMs = this.#parts.clock.now();
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

  @Mutation(() => TaskResult)
  createTask(
    @Context() context: OperationContext,
    @Args('input', { type: () => TaskInput }) input: TaskInput,
    @Args('idempotencyKey', optionalText) key?: string,
  ) {
    return this.#changed(context, () =>
      createTask(this.#parts, byOf(context, readIdempotencyKey(key ?? undefined)), inputOf(input)),
    );
  }

  @Mutation(() => TaskResult, { description: 'Replaces the whole task.' })
  updateTask(
    @Context() context: OperationContext,
    @Args('id', id) taskId: string,
    @Args('input', { type: () => TaskInput }) input: TaskInput,
    @Args('expectedPosition', optionalText) expected?: string,
    @Args('note', optionalText) note?: string,
  ) {
    return this.#changed(context, () =>
      replaceTask(this.#parts, byOf(context), {
        taskId: taskIdOf(taskId),
        input: inputOf(input, note ?? undefined),
        expectedPosition: positionArgument(expected),
      }),
    );
  }

  @Mutation(() => TaskResult)
  pauseTask(
    @Context() context: OperationContext,
    @Args('id', id) taskId: string,
    @Args('reason', optionalText) reason?: string,
  ) {
    return this.#changed(context, () => {
      const said = parseOrRefuse(reasonText, reason ?? '', { under: '/reason' });
      return pauseTask(this.#parts, byOf(context), taskIdOf(taskId), said);
    });
  }

  @Mutation(() => TaskResult)
  resumeTask(@Context() context: OperationContext, @Args('id', id) taskId: string) {
    return this.#changed(context, () => resumeTask(this.#parts, byOf(context), taskIdOf(taskId)));
  }

  @Mutation(() => DeleteResult)
  deleteTask(@Context() context: OperationContext, @Args('id', id) taskId: string) {
    return orProblem(this.#parts.log, async () => {
      const changed = await deleteTask(this.#parts, byOf(context), taskIdOf(taskId));
      return Object.assign(new DeleteAccepted(), {
        __typename: 'DeleteAccepted',
        id: changed.id,
        position: String(changed.position),
      });
    });
  }

  @Mutation(() => RunResult)
  runTask(
    @Context() context: OperationContext,
    @Args('id', id) taskId: string,
    @Args('parameters', { type: () => JsonScalar, nullable: true }) parameters?: unknown,
    @Args('priority', { type: () => PriorityEnum, nullable: true }) priority?: PriorityWord,
    @Args('idempotencyKey', optionalText) key?: string,
  ) {
    return orProblem(this.#parts.log, async () => {
      const by = byOf(context, readIdempotencyKey(key ?? undefined));
      const asked = parseOrRefuse(runBody, {
        parameters: parameters ?? undefined,
        priority: priority ?? undefined,
      });
      const request = { taskId: taskIdOf(taskId), ...asked };
      return runView(taskId, await runTask(this.#parts, by, request));
    });
  }

  @Subscription(() => [Task], {
    resolve: (value) => value,
    description: 'Tasks that changed, at most four times a second; a deleted one is `disabled`.',
  })
  tasksChanged(@Context() { caller: { account } }: OperationContext) {
    const changes = changesOf(this.#parts, {
      readModel: 'task',
      account,
      read: (ids) => tasksByIds(this.#parts.db, account, ids),
    });
    return mapped(changes, (rows) => rows.map(taskView));
  }

  #changed(context: OperationContext, change: () => Promise<Changed>) {
    return orProblem(this.#parts.log, async () => {
      const { id: taskId, position, isReadable } = await change();
      if (!isReadable) throw notReadableYet(position);
      const row = await findTask(this.#parts.db, context.caller.account, taskId);
      if (row === undefined) throw unknownTask(taskId);
      return taskView(row);
    });
  }
}

export function runView(
  taskId: string,
  accepted: {
    executionId: string;
    queuePosition: number;
    estimatedStart: Date | null;
    position: number;
  },
): RunAccepted {
  return Object.assign(new RunAccepted(), {
    __typename: 'RunAccepted',
    ...accepted,
    taskId,
    status: 'queued' as const,
    position: String(accepted.position),
  });
}

function inputOf(input: TaskInput, note?: string) {
  const said = withoutNulls(input, ['parameters']) as object;
  return parseOrRefuse(taskInputShape, note === undefined ? said : { ...said, note });
}
