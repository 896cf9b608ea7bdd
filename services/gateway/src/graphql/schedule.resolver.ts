import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  Int,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { NEXT_RUNS_DEFAULT } from '../limits.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { unknownSchedule, unknownTask } from '../problems/unknown.js';
import { type ScheduleVersionRow, versionsOfSchedule } from '../queries/schedule-versions.js';
import { findTask } from '../queries/tasks.js';
import { previewEdit, previewFor, restoreVersion } from '../schedules/change-schedule.js';
import { planAround } from '../schedules/judge-slots.js';
import { aheadOf, nextStartsOf, slotsAhead } from '../schedules/next-starts.js';
import { namesOf, type Preview, runOf } from '../schedules/preview-schedule.js';
import { toldSchedule } from '../schedules/told-schedule.js';
import { previewBody, previewChangeBody } from '../shapes/preview-input.js';
import { reasonText } from '../shapes/requests.js';
import { anId, anInt, maybeText } from './args.js';
import { idOr, runsCount, withoutNulls } from './arguments.js';
import { byOf } from './by.js';
import { type Loaders, type OperationContext, surroundingsFor } from './context.js';
import { reader } from './look-up.js';
import { orProblemReading } from './problem-answers.js';
import { TaskResult } from './types/result-types.js';
import { DateTimeScalar } from './types/scalars.js';
import {
  ScheduleChangePreview,
  SchedulePreview,
  ScheduleRun,
  ScheduleVersion,
} from './types/schedule-preview-types.js';
import { Schedule, ScheduleChangeInput, SchedulePreviewInput } from './types/schedule-types.js';
import { type ScheduleView, taskView } from './views/task-views.js';

const KEPT_AS_IT_IS = ['parameters', 'days', 'form'];

/** Schedules: what they would do, what an edit changes, and what they were. */
@Resolver(() => Schedule)
export class ScheduleResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @ResolveField(() => [DateTimeScalar])
  async nextRuns(
    @Context() { loaders }: OperationContext,
    @Parent() schedule: ScheduleView,
    @Args('count', { type: () => Int, defaultValue: NEXT_RUNS_DEFAULT }) count: number,
  ) {
    const { ahead, nowMs } = await this.#ahead(loaders, schedule);
    return nextStartsOf(ahead, schedule.id, nowMs, runsCount(count)).map((ms) => new Date(ms));
  }

  @ResolveField(() => [ScheduleRun], { description: 'Its slots ahead, those not run among them.' })
  async nextSlots(
    @Context() { loaders }: OperationContext,
    @Parent() schedule: ScheduleView,
    @Args('count', { type: () => Int, defaultValue: NEXT_RUNS_DEFAULT }) count: number,
  ): Promise<ScheduleRun[]> {
    const { id: scheduleId, timezone } = schedule;
    const { ahead, nowMs, names } = await this.#ahead(loaders, schedule);
    const slots = slotsAhead(ahead, scheduleId, nowMs, runsCount(count));
    return slots.map((slot) => runOf(slot, timezone, names));
  }

  async #ahead(loaders: Loaders, { within }: ScheduleView) {
    const around = await surroundingsFor(loaders, within.schedules);
    const nowMs = this.parts.clock.now();
    return { ahead: aheadOf(within, planAround(around), nowMs), nowMs, names: namesOf(around) };
  }

  @ResolveField(() => [ScheduleVersion], { description: 'The newest first.' })
  async versions(@Context() { caller }: OperationContext, @Parent() schedule: ScheduleView) {
    const of = { taskId: schedule.taskId, scheduleId: schedule.id };
    return (await versionsOfSchedule(this.parts.db, caller.account, of)).map(versionView);
  }

  @Query(() => SchedulePreview)
  async previewSchedule(
    @Context() { caller }: OperationContext,
    @Args('input', { type: () => SchedulePreviewInput }) input: SchedulePreviewInput,
  ): Promise<SchedulePreview> {
    const body = parseOrRefuse(previewBody, withoutNulls(input, KEPT_AS_IT_IS));
    return previewView(await previewFor(this.parts, caller, body));
  }

  @Query(() => ScheduleChangePreview)
  previewScheduleChange(
    @Context() { caller }: OperationContext,
    @Args('taskId', anId) taskId: string,
    @Args('scheduleId', anId) scheduleId: string,
    @Args('input', { type: () => ScheduleChangeInput }) input: ScheduleChangeInput,
  ): Promise<ScheduleChangePreview> {
    const body = parseOrRefuse(previewChangeBody, withoutNulls(input, KEPT_AS_IT_IS));
    const of = { taskId: idOr(unknownTask, taskId), scheduleId: idOr(unknownSchedule, scheduleId) };
    return previewEdit(this.parts, caller, of, body);
  }

  @Mutation(() => TaskResult, { description: 'An update that makes it what it was.' })
  restoreScheduleVersion(
    @Context() context: OperationContext,
    @Args('taskId', anId) taskId: string,
    @Args('scheduleId', anId) scheduleId: string,
    @Args('version', anInt) version: number,
    @Args('note', maybeText) note?: string,
  ) {
    const restore = async () => {
      const said = note ? { note: parseOrRefuse(reasonText, note, { under: '/note' }) } : {};
      const of = {
        taskId: idOr(unknownTask, taskId),
        scheduleId: idOr(unknownSchedule, scheduleId),
      };
      const wanted = { ...of, version, ...said };
      return restoreVersion(this.parts, byOf(context), wanted);
    };
    const read = reader(this.parts, context, {
      find: findTask,
      view: taskView,
      unknown: unknownTask,
    });
    return orProblemReading(this.parts, restore, () => read(taskId));
  }
}

function previewView({ presets, ...preview }: Preview): SchedulePreview {
  return { ...preview, presets: [...presets] };
}

function versionView(row: ScheduleVersionRow): ScheduleVersion {
  return {
    version: row.version,
    revision: row.revision,
    kind: row.kind,
    definition: toldSchedule(row.definition),
    taskPaused: row.task_paused,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    author: row.author,
    note: row.note,
  };
}
