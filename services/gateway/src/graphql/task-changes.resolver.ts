import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { type Changed } from '../commands/carry-out.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { unknownTask } from '../problems/unknown.js';
import { findTask } from '../queries/tasks.js';
import { runTask } from '../runs/run-task.js';
import { reasonText, runBody } from '../shapes/requests.js';
import { taskInputShape } from '../shapes/task-input.js';
import { type PriorityWord } from '../shapes/words.js';
import { createTask, doToTask, replaceTask } from '../tasks/change-task.js';
import { anId, maybeText } from './args.js';
import { idOr, withoutNulls } from './arguments.js';
import { byOf, positionArgument } from './by.js';
import { type OperationContext } from './context.js';
import { reader } from './look-up.js';
import { orProblem, orProblemDeleting, orProblemReading } from './problem-answers.js';
import { PriorityEnum } from './types/enums.js';
import { DeleteResult, RunResult, TaskResult } from './types/result-types.js';
import { JsonScalar } from './types/scalars.js';
import { TaskInput } from './types/task-types.js';
import { runView } from './views/execution-views.js';
import { taskView } from './views/task-views.js';

const input = { type: () => TaskInput } as const;

/** What is done to tasks. */
@Resolver()
export class TaskChangesResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Mutation(() => TaskResult)
  createTask(
    @Context() context: OperationContext,
    @Args('input', input) asked: TaskInput,
    @Args('idempotencyKey', maybeText) key?: string,
  ) {
    return this.#changed(context, async () =>
      createTask(this.parts, byOf(context, key), inputOf(asked)),
    );
  }

  @Mutation(() => TaskResult, { description: 'Replaces the whole task.' })
  updateTask(
    @Context() context: OperationContext,
    @Args('id', anId) taskId: string,
    @Args('input', input) asked: TaskInput,
    @Args('expectedPosition', maybeText) expected?: string,
    @Args('note', maybeText) note?: string,
  ) {
    return this.#changed(context, async () =>
      replaceTask(this.parts, byOf(context), {
        taskId: idOr(unknownTask, taskId),
        input: inputOf(asked, note ?? undefined),
        expectedPosition: positionArgument(expected),
      }),
    );
  }

  @Mutation(() => TaskResult)
  pauseTask(
    @Context() context: OperationContext,
    @Args('id', anId) id: string,
    @Args('reason', maybeText) reason?: string,
  ) {
    return this.#changed(context, async () => {
      const said = parseOrRefuse(reasonText, reason ?? '', { under: '/reason' });
      return doToTask(this.parts, byOf(context), 'pause', idOr(unknownTask, id), said);
    });
  }

  @Mutation(() => TaskResult)
  resumeTask(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return this.#changed(context, async () =>
      doToTask(this.parts, byOf(context), 'resume', idOr(unknownTask, id)),
    );
  }

  @Mutation(() => DeleteResult)
  deleteTask(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return orProblemDeleting(this.parts, async () =>
      doToTask(this.parts, byOf(context), 'delete', idOr(unknownTask, id)),
    );
  }

  @Mutation(() => RunResult)
  runTask(
    @Context() context: OperationContext,
    @Args('id', anId) taskId: string,
    @Args('parameters', { type: () => JsonScalar, nullable: true }) parameters?: unknown,
    @Args('priority', { type: () => PriorityEnum, nullable: true }) priority?: PriorityWord,
    @Args('idempotencyKey', maybeText) key?: string,
  ) {
    return orProblem(this.parts.log, async () => {
      const by = byOf(context, key);
      const asked = parseOrRefuse(runBody, {
        parameters: parameters ?? undefined,
        priority: priority ?? undefined,
      });
      const request = { taskId: idOr(unknownTask, taskId), ...asked };
      return runView(await runTask(this.parts, by, request));
    });
  }

  #changed(context: OperationContext, change: () => Promise<Changed>) {
    const kind = { find: findTask, view: taskView, unknown: unknownTask };
    return orProblemReading(this.parts, change, reader(this.parts, context, kind));
  }
}

function inputOf(input: TaskInput, note?: string) {
  const said = withoutNulls(input, ['parameters']) as object;
  return parseOrRefuse(taskInputShape, note === undefined ? said : { ...said, note });
}
