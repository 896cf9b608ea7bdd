import { sql, type Transaction } from 'kysely';
import type { Place, Recorded } from '#libs/consumer';
import { type automation, parseDefinitionSubject, subjects, type task } from '#libs/contracts';
import { columnsOf, type Row } from '../columns.js';
import { foldedSource, type Projection, type Touched } from '../projection.js';
import { load, upsert } from '../rows.js';
import { instant, int4, int8, json, jsonOf, key, name, text } from '../storable.js';
import type { ReadModel, TaskSettings } from '../tables.js';
import { KeyedRows, keyOf } from './keyed-rows.js';
import { actorName, dstPolicy, priority, taskType } from './words.js';

type Tx = Transaction<ReadModel>;
type ScheduleRow = Row<'schedule'>;

interface DefinitionsFold {
  readonly tasks: KeyedRows<Row<'task'>>;
  readonly automations: KeyedRows<Row<'automation'>>;
  /** Schedules of the tasks that the batch touches, in their places. */
  readonly schedules: Map<string, ScheduleRow[]>;
  /** Tasks whose schedules are written anew. */
  readonly rescheduled: Set<string>;
}

interface DefinitionKey {
  readonly account: string;
  readonly id: string;
}

async function open(tx: Tx, commits: readonly Recorded[]): Promise<DefinitionsFold> {
  const keysOfKind = (kind: string) => {
    const keys = new Map<string, DefinitionKey>();
    for (const { subject } of commits) {
      const parts = parseDefinitionSubject(subject);
      if (parts?.kind === kind) keys.set(subject, storedKey(parts));
    }
    return [...keys.values()];
  };
  const fold: DefinitionsFold = {
    tasks: new KeyedRows(),
    automations: new KeyedRows(),
    schedules: new Map(),
    rescheduled: new Set(),
  };
  const taskKeys = keysOfKind('task');
  for (const row of await load(tx, 'task', columnsOf('task'), taskKeys))
    fold.tasks.loaded(keyOf(row.account, row.id), row);
  for (const row of await load(tx, 'automation', columnsOf('automation'), keysOfKind('automation')))
    fold.automations.loaded(keyOf(row.account, row.id), row);
  for (const row of await schedulesOf(tx, taskKeys)) {
    const of = keyOf(row.account, row.task_id);
    fold.schedules.set(of, [...(fold.schedules.get(of) ?? []), row]);
  }
  return fold;
}

async function schedulesOf(tx: Tx, keys: readonly DefinitionKey[]): Promise<ScheduleRow[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<ScheduleRow>`select t.* from schedule as t
    join json_to_recordset(${JSON.stringify(keys)}::json) as x(account text, id text)
      on t.account = x.account and t.task_id = x.id
    order by t.account, t.task_id, t.place`.execute(tx);
  return rows;
}

async function save(tx: Tx, fold: DefinitionsFold): Promise<Touched[]> {
  const tasks = [...fold.tasks.made, ...fold.tasks.changed];
  const automations = [...fold.automations.made, ...fold.automations.changed];
  if (tasks.length > 0) await upsert(tx, 'task', tasks);
  if (automations.length > 0) await upsert(tx, 'automation', automations);
  await saveSchedules(tx, fold);
  return [
    ...tasks.map(({ account, id }) => ({ readModel: 'task', account, key: id }) as const),
    ...automations.map(
      ({ account, id }) => ({ readModel: 'automation', account, key: id }) as const,
    ),
  ];
}

async function saveSchedules(tx: Tx, fold: DefinitionsFold): Promise<void> {
  if (fold.rescheduled.size === 0) return;
  const owners = [...fold.rescheduled].flatMap((of) => fold.tasks.get(of) ?? []);
  const keys = owners.map(({ account, id }) => ({ account, id }));
  await sql`delete from schedule as t
    using json_to_recordset(${JSON.stringify(keys)}::json) as x(account text, id text)
    where t.account = x.account and t.task_id = x.id`.execute(tx);
  const rows = [...fold.rescheduled].flatMap((of) => fold.schedules.get(of) ?? []);
  if (rows.length > 0) await upsert(tx, 'schedule', rows);
}

export const tasksProjection: Projection = {
  name: 'tasks',
  version: 1,
  tables: ['task', 'schedule', 'automation'],
  sources: [
    foldedSource({
      stream: 'DEFINITIONS',
      subjects: [subjects.definitionsOfKind('task'), subjects.definitionsOfKind('automation')],
      aggregates: ['task', 'automation'],
      open,
      save,
      handles: {
        TaskCreated: createTask,
        TaskRenamed: (fold, event, place) => {
          changeTask(fold, place, { name: name(event.name) });
        },
        TaskDescribed: (fold, event, place) => {
          changeTask(fold, place, { description: text(event.description) });
        },
        TaskRetargeted: (fold, event, place) => {
          changeTask(fold, place, { type: taskType(event.type), target: target(event.target) });
        },
        ParametersChanged: (fold, event, place) => {
          changeTask(fold, place, { parameters: json(event.parametersJson) });
        },
        SettingsChanged: (fold, event, place) => {
          changeTask(fold, place, { settings: settings(event.settings) });
        },
        ScheduleAdded: (fold, event, place) => putSchedule(fold, event.schedule, place),
        ScheduleChanged: (fold, event, place) => putSchedule(fold, event.schedule, place),
        ScheduleRemoved: (fold, event, place) => {
          reschedule(fold, place, (rows) => rows.filter(({ id }) => id !== key(event.scheduleId)));
        },
        TaskPaused: (fold, event, place) => {
          const reason = event.reason === '' ? null : text(event.reason);
          changeTask(fold, place, { status: 'paused', pause_reason: reason });
        },
        TaskResumed: (fold, _event, place) => {
          changeTask(fold, place, { status: 'active', pause_reason: null });
        },
        TaskDeleted: (fold, _event, place) => {
          changeTask(fold, place, { status: 'deleted' });
        },
        AutomationSaved: saveAutomation,
        AutomationDeleted: (fold, _event, place) => {
          const of = ownerOf(place);
          const row = fold.automations.get(of);
          if (row) fold.automations.change(of, { ...row, deleted: true, ...automationMark(place) });
        },
      },
      ignores: [],
    }),
  ],
};

function createTask(fold: DefinitionsFold, event: task.TaskCreated, place: Place): void {
  const of = ownerOf(place);
  if (fold.tasks.get(of)) return;
  const mark = taskMark(place);
  fold.tasks.make(of, {
    ...keyFrom(place),
    name: name(event.name),
    description: text(event.description),
    type: taskType(event.type),
    target: target(event.target),
    parameters: json(event.parametersJson),
    settings: settings(event.settings),
    status: event.enabled ? 'active' : 'paused',
    pause_reason: null,
    created_at: mark.updated_at,
    created_by: mark.updated_by,
    ...mark,
  });
  for (const schedule of event.schedules) putSchedule(fold, schedule, place);
}

/** What is told of a task that was never created changes nothing. */
function changeTask(
  fold: DefinitionsFold,
  place: Place,
  change: Partial<Row<'task'>>,
): Row<'task'> | undefined {
  const of = ownerOf(place);
  const row = fold.tasks.get(of);
  if (row === undefined) return undefined;
  const changed = { ...row, ...change, ...taskMark(place) };
  fold.tasks.change(of, changed);
  return changed;
}

function putSchedule(
  fold: DefinitionsFold,
  schedule: task.Schedule | undefined,
  place: Place,
): void {
  if (schedule === undefined) return;
  const { account, id: task_id } = keyFrom(place);
  const put: ScheduleRow = {
    account,
    id: key(schedule.id),
    task_id,
    place: 0,
    cron: text(schedule.cron),
    zone: text(schedule.zone),
    dst: dstPolicy(schedule.dst),
    enabled: schedule.enabled,
    revision: int4(schedule.revision),
  };
  reschedule(fold, place, (rows) =>
    rows.some(({ id }) => id === put.id)
      ? rows.map((row) => (row.id === put.id ? put : row))
      : [...rows, put],
  );
}

function reschedule(
  fold: DefinitionsFold,
  place: Place,
  change: (rows: readonly ScheduleRow[]) => readonly ScheduleRow[],
): void {
  if (changeTask(fold, place, {}) === undefined) return;
  const of = ownerOf(place);
  const rows = change(fold.schedules.get(of) ?? []);
  fold.schedules.set(
    of,
    rows.map((row, at) => ({ ...row, place: at })),
  );
  fold.rescheduled.add(of);
}

function saveAutomation(
  fold: DefinitionsFold,
  event: automation.AutomationSaved,
  place: Place,
): void {
  const of = ownerOf(place);
  const mark = automationMark(place);
  const saved = {
    ...keyFrom(place),
    name: name(event.name),
    version: int4(event.version),
    flow: json(event.flowJson),
    deleted: false,
    ...mark,
  };
  const row = fold.automations.get(of);
  if (row) fold.automations.change(of, { ...row, ...saved });
  else fold.automations.make(of, { ...saved, created_at: mark.updated_at });
}

/** The subject says whose fact it is, also for events that name no id. */
function keyFrom({ recorded }: Place): DefinitionKey {
  const parts = parseDefinitionSubject(recorded.subject);
  if (parts === undefined) throw new RangeError(`${recorded.subject} is no definition's subject`);
  return storedKey(parts);
}

function storedKey(parts: DefinitionKey): DefinitionKey {
  return { account: key(parts.account), id: key(parts.id) };
}

function ownerOf(place: Place): string {
  const { account, id } = keyFrom(place);
  return keyOf(account, id);
}

function taskMark({ recorded: { commit, seq }, actor }: Place) {
  return {
    updated_at: instant(commit.occurredAtMs),
    updated_by: text(actorName(actor)),
    version: int4(commit.ordinal),
    position: int8(seq),
  };
}

function automationMark({ recorded: { commit, seq } }: Place) {
  return { updated_at: instant(commit.occurredAtMs), position: int8(seq) };
}

function target(told: task.Target | undefined): string {
  return jsonOf({
    ...(told?.automationId && { automationId: told.automationId }),
    ...(told?.workflowId && { workflowId: told.workflowId }),
    ...(told?.systemTask && { systemTask: told.systemTask }),
  });
}

const MS_PER_SECOND = 1_000;
const MS_PER_MINUTE = 60_000;

/** In the units of the API. */
function settings(told: task.Settings | undefined): string {
  const { retryPolicy, notifications } = told ?? {};
  const shown: TaskSettings = {
    timeout: (told?.timeoutMs ?? 0) / MS_PER_MINUTE,
    retryPolicy: {
      maxRetries: retryPolicy?.maxRetries ?? 0,
      initialDelay: (retryPolicy?.initialDelayMs ?? 0) / MS_PER_SECOND,
      backoffMultiplier: retryPolicy?.backoffMultiplier ?? 1,
      maxDelay: (retryPolicy?.maxDelayMs ?? 0) / MS_PER_SECOND,
    },
    notifications: {
      onSuccess: notifications?.onSuccess ?? false,
      onFailure: notifications?.onFailure ?? false,
      channels: [...(notifications?.channels ?? [])],
    },
    ...(told?.concurrencyLimit ? { concurrencyLimit: told.concurrencyLimit } : {}),
    priority: priority(told?.priority ?? 0),
  };
  return jsonOf(shown);
}
