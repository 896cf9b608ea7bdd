/**
 * A task: what to run, with what, when, and how hard to try.
 *
 *   (none) --create--> active <--resume / pause--> paused
 *                         \--------- delete --------/--> deleted
 *
 * Invariants: a deleted task takes no event; a schedule's revision moves when its expression, zone or
 * DST policy moves, and only then; an update that changes nothing appends nothing.
 */
import { create, equals, type TaskEvent, task as t } from '#libs/contracts';
import { type Decider, type Decision, impossible, type Rejection, reject } from '../decider.js';
import { scheduleIdOf } from '../ids.js';
import { invalidity, type Surroundings, type TaskRejectionCode } from './task.validate.js';
import { timingOf } from './timing.js';

export interface TaskBody {
  readonly taskId: string;
  readonly name: string;
  readonly description: string;
  readonly type: t.TaskType;
  readonly target: t.Target;
  readonly parametersJson: string;
  readonly settings: t.Settings;
  readonly schedules: readonly t.Schedule[];
}

export type TaskState =
  | { readonly status: 'none' }
  | ({ readonly status: 'active' | 'paused' } & TaskBody)
  /** What is left of it is what its past runs are told by. */
  | ({ readonly status: 'deleted' } & Pick<TaskBody, 'name' | 'type'>);

export type TaskCommand =
  | {
      readonly type: 'create';
      readonly taskId: string;
      readonly commandId: string;
      readonly draft: t.TaskDraft;
      readonly around?: Surroundings;
    }
  | {
      readonly type: 'update';
      readonly commandId: string;
      readonly draft: t.TaskDraft;
      readonly note?: string;
      readonly around?: Surroundings;
    }
  | { readonly type: 'pause'; readonly reason: string }
  | { readonly type: 'resume' }
  | { readonly type: 'delete' };

export const initial: TaskState = { status: 'none' };

export function decide(
  command: TaskCommand,
  state: TaskState,
): Decision<TaskEvent, TaskRejectionCode> {
  if (command.type === 'create') return createTask(command, state);
  if (state.status === 'none' || state.status === 'deleted')
    return reject('task-unknown', 'There is no such task.');
  switch (command.type) {
    case 'update':
      return updateTask(command, state);
    case 'pause':
      if (state.status === 'paused') return [];
      return [create(t.TaskPausedSchema, { reason: command.reason })];
    case 'resume':
      return state.status === 'active' ? [] : [create(t.TaskResumedSchema)];
    case 'delete':
      return [create(t.TaskDeletedSchema)];
    default:
      return impossible(command);
  }
}

function createTask(
  command: TaskCommand & { type: 'create' },
  state: TaskState,
): Decision<TaskEvent, TaskRejectionCode> {
  if (state.status === 'deleted')
    return reject('task-unknown', 'This task was created before, and deleted since.');
  // The id is derived from the command: it has been done.
  if (state.status !== 'none') return [];
  const { draft, commandId, taskId, around } = command;
  const refused = invalidity(draft, around);
  if (refused) return refused;
  const { name, description, type, target, parametersJson, settings, enabled } = draft;
  return [
    create(t.TaskCreatedSchema, {
      taskId,
      name,
      description,
      type,
      target,
      parametersJson,
      settings,
      enabled,
      schedules: draft.schedules.map((schedule, place) => fresh(schedule, commandId, place)),
    }),
  ];
}

function updateTask(
  { draft, commandId, note = '', around }: TaskCommand & { type: 'update' },
  state: TaskState & TaskBody,
): Decision<TaskEvent, TaskRejectionCode> {
  const refused = invalidity(draft, around) ?? unknownSchedule(draft, state);
  if (refused) return refused;
  const events: TaskEvent[] = [];
  if (draft.name !== state.name) events.push(create(t.TaskRenamedSchema, { name: draft.name }));
  if (draft.description !== state.description)
    events.push(create(t.TaskDescribedSchema, { description: draft.description }));
  const target = draft.target ?? create(t.TargetSchema);
  if (draft.type !== state.type || !equals(t.TargetSchema, target, state.target))
    events.push(create(t.TaskRetargetedSchema, { type: draft.type, target }));
  if (draft.parametersJson !== state.parametersJson)
    events.push(create(t.ParametersChangedSchema, { parametersJson: draft.parametersJson }));
  const settings = draft.settings ?? create(t.SettingsSchema);
  if (!equals(t.SettingsSchema, settings, state.settings))
    events.push(create(t.SettingsChangedSchema, { settings }));
  events.push(...scheduleChanges(draft.schedules, state.schedules, { commandId, note }));
  if (draft.enabled !== (state.status === 'active'))
    events.push(draft.enabled ? create(t.TaskResumedSchema) : create(t.TaskPausedSchema));
  return events;
}

function unknownSchedule(
  draft: t.TaskDraft,
  state: TaskBody,
): Rejection<TaskRejectionCode> | undefined {
  const known = new Set(state.schedules.map(({ id }) => id));
  const place = draft.schedules.findIndex(({ id }) => id !== '' && !known.has(id));
  if (place < 0) return undefined;
  return reject(
    'schedule-unknown',
    'The task has no schedule with this id. Leave the id out to add a schedule.',
    `/schedules/${place}/id`,
  );
}

function scheduleChanges(
  wanted: readonly t.Schedule[],
  present: readonly t.Schedule[],
  { commandId, note }: { commandId: string; note: string },
): TaskEvent[] {
  const events: TaskEvent[] = [];
  const kept = new Set(wanted.map(({ id }) => id));
  for (const { id } of present)
    if (!kept.has(id)) events.push(create(t.ScheduleRemovedSchema, { scheduleId: id }));
  wanted.forEach((schedule, place) => {
    const before = present.find(({ id }) => id === schedule.id);
    if (before === undefined) {
      events.push(create(t.ScheduleAddedSchema, { schedule: fresh(schedule, commandId, place) }));
      return;
    }
    const after = { ...schedule, revision: before.revision + (rings(before, schedule) ? 0 : 1) };
    if (!equals(t.ScheduleSchema, before, after))
      events.push(create(t.ScheduleChangedSchema, { schedule: after, note }));
  });
  return events;
}

/** Both ring at the same local times. */
function rings(a: t.Schedule, b: t.Schedule): boolean {
  const timing = (schedule: t.Schedule) => Object.values(timingOf(schedule)).join('\n');
  return timing(a) === timing(b);
}

function fresh(schedule: t.Schedule, commandId: string, place: number): t.Schedule {
  return create(t.ScheduleSchema, { ...schedule, id: scheduleIdOf(commandId, place), revision: 1 });
}

export function evolve(state: TaskState, event: TaskEvent): TaskState {
  if (event.$typeName === 'task.v1.TaskCreated') {
    const { enabled, $typeName: _, $unknown: __, ...body } = event;
    return {
      ...body,
      status: enabled ? 'active' : 'paused',
      target: event.target ?? create(t.TargetSchema),
      settings: event.settings ?? create(t.SettingsSchema),
    };
  }
  if (state.status === 'none' || state.status === 'deleted') return state;
  switch (event.$typeName) {
    case 'task.v1.TaskRenamed':
      return { ...state, name: event.name };
    case 'task.v1.TaskDescribed':
      return { ...state, description: event.description };
    case 'task.v1.TaskRetargeted':
      return { ...state, type: event.type, target: event.target ?? create(t.TargetSchema) };
    case 'task.v1.ParametersChanged':
      return { ...state, parametersJson: event.parametersJson };
    case 'task.v1.SettingsChanged':
      return { ...state, settings: event.settings ?? create(t.SettingsSchema) };
    case 'task.v1.ScheduleAdded':
      return { ...state, schedules: [...state.schedules, ...one(event.schedule)] };
    case 'task.v1.ScheduleChanged':
      return {
        ...state,
        schedules: state.schedules.map((schedule) =>
          schedule.id === event.schedule?.id ? event.schedule : schedule,
        ),
      };
    case 'task.v1.ScheduleRemoved':
      return {
        ...state,
        schedules: state.schedules.filter(({ id }) => id !== event.scheduleId),
      };
    case 'task.v1.TaskPaused':
      return { ...state, status: 'paused' };
    case 'task.v1.TaskResumed':
      return { ...state, status: 'active' };
    case 'task.v1.TaskDeleted':
      return { status: 'deleted', name: state.name, type: state.type };
    default:
      return impossible(event);
  }
}

function one(schedule: t.Schedule | undefined): t.Schedule[] {
  return schedule === undefined ? [] : [schedule];
}

export const taskDecider: Decider<TaskState, TaskCommand, TaskEvent, TaskRejectionCode> = {
  initial,
  decide,
  evolve,
};
