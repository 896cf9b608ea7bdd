import { sql, type Transaction } from 'kysely';
import type { Place, Recorded } from '#libs/consumer';
import type { task } from '#libs/contracts';
import { columnsOf, type Row } from '../columns.js';
import type { TaskSettings } from '../definition-tables.js';
import type { Touched } from '../projection.js';
import { load, loadBy, upsert } from '../rows.js';
import { int4, json, jsonOf, key, name, text } from '../storable.js';
import type { ReadModel } from '../tables.js';
import {
  authorOf,
  definitionOf,
  keyFrom,
  keysOfKind,
  occurredAt,
  ownerOf,
  positionOf,
} from './definition-key.js';
import { KeyedRows, keyOf } from './keyed-rows.js';
import { endSettingsOf, retryPolicyOf } from './retry-settings.js';
import { ScheduleHistory, type ScheduleKey, type VersionKind } from './schedule-history.js';
import { type ScheduleRow, scheduleRow } from './schedule-rows.js';
import { priority, taskType } from './words.js';

type Tx = Transaction<ReadModel>;
type TaskRow = Row<'task'>;

/** The tasks that a batch touches, with their schedules in their places. */
export class TaskRows {
  readonly #tasks = new KeyedRows<TaskRow>();
  readonly #schedules = new Map<string, ScheduleRow[]>();
  /** Tasks whose schedules are written anew. */
  readonly #rescheduled = new Set<string>();
  readonly #history = new ScheduleHistory();

  async open(tx: Tx, commits: readonly Recorded[]): Promise<void> {
    const keys = keysOfKind(commits, 'task');
    for (const row of await load(tx, 'task', columnsOf('task'), keys))
      this.#tasks.loaded(keyOf(row.account, row.id), row);
    const found = await loadBy(tx, 'schedule', columnsOf('schedule'), {
      by: ['account', 'task_id'],
      keys: keys.map(({ account, id }) => ({ account, task_id: id })),
    });
    for (const row of found.sort((one, other) => one.place - other.place)) {
      const of = keyOf(row.account, row.task_id);
      this.#schedules.set(of, [...(this.#schedules.get(of) ?? []), row]);
    }
    const versioned = new Map<string, ScheduleKey>();
    const add = (of: ScheduleKey) =>
      versioned.set(keyOf(of.account, of.task_id, of.schedule_id), of);
    for (const { account, task_id, id } of found) add({ account, task_id, schedule_id: id });
    for (const of of schedulesNamed(commits)) add(of);
    await this.#history.open(tx, [...versioned.values()]);
  }

  create(event: task.TaskCreated, place: Place): void {
    const of = ownerOf(place);
    if (this.#tasks.get(of)) return;
    const mark = taskMark(place);
    this.#tasks.make(of, {
      ...keyFrom(place),
      name: name(event.name),
      description: text(event.description),
      type: taskType(event.type),
      target: targetJson(event.target),
      parameters: json(event.parametersJson),
      settings: settingsJson(event.settings),
      status: event.enabled ? 'active' : 'paused',
      pause_reason: null,
      created_at: mark.updated_at,
      created_by: mark.updated_by,
      ...mark,
    });
    for (const schedule of event.schedules) this.putSchedule(schedule, '', place);
  }

  /** What is told of a task that was never created, or after its end, changes nothing. */
  change(place: Place, change: Partial<TaskRow>): TaskRow | undefined {
    const of = ownerOf(place);
    const row = this.#tasks.get(of);
    if (row === undefined || row.status === 'deleted') return undefined;
    const changed = { ...row, ...change, ...taskMark(place) };
    this.#tasks.change(of, changed);
    return changed;
  }

  pause({ reason }: task.TaskPaused, place: Place): void {
    const pause_reason = reason === '' ? null : text(reason);
    this.#setStatus(place, { status: 'paused', pause_reason }, { kind: 'paused', note: reason });
  }

  resume(place: Place): void {
    const change = { status: 'active', pause_reason: null } as const;
    this.#setStatus(place, change, { kind: 'resumed', note: '' });
  }

  delete(place: Place): void {
    this.#setStatus(place, { status: 'deleted' }, { kind: 'removed', note: '' });
  }

  putSchedule(schedule: task.Schedule | undefined, note: string, place: Place): void {
    if (schedule === undefined) return;
    const owner = this.change(place, {});
    if (owner === undefined) return;
    const put = scheduleRow(schedule, owner);
    const rows = this.#schedules.get(ownerOf(place)) ?? [];
    const before = rows.find(({ id }) => id === put.id);
    this.#reschedule(
      place,
      before ? rows.map((row) => (row === before ? put : row)) : [...rows, put],
    );
    this.#history.add(
      { kind: kindOf(before, put), schedule: put, taskPaused: owner.status === 'paused', note },
      place,
    );
  }

  removeSchedule(scheduleId: string, place: Place): void {
    const owner = this.change(place, {});
    if (owner === undefined) return;
    const rows = this.#schedules.get(ownerOf(place)) ?? [];
    const schedule = rows.find(({ id }) => id === key(scheduleId));
    if (schedule === undefined) return;
    this.#reschedule(
      place,
      rows.filter((row) => row !== schedule),
    );
    const taskPaused = owner.status === 'paused';
    this.#history.add({ kind: 'removed', schedule, taskPaused, note: '' }, place);
  }

  async save(tx: Tx): Promise<Touched[]> {
    const rows = [...this.#tasks.made, ...this.#tasks.changed];
    await upsert(tx, 'task', rows);
    await this.#saveSchedules(tx);
    await this.#history.save(tx);
    return rows.map(({ account, id }) => ({ readModel: 'task', account, key: id }));
  }

  /** A pause, its end and the end of the task concern each schedule, and stand in its history. */
  #setStatus(
    place: Place,
    change: Partial<TaskRow>,
    { kind, note }: { readonly kind: VersionKind; readonly note: string },
  ): void {
    const before = this.#tasks.get(ownerOf(place))?.status;
    const row = this.change(place, change);
    if (row === undefined || row.status === before) return;
    const taskPaused = kind === 'removed' ? before === 'paused' : row.status === 'paused';
    for (const schedule of this.#schedules.get(ownerOf(place)) ?? [])
      this.#history.add({ kind, schedule, taskPaused, note }, place);
  }

  #reschedule(place: Place, rows: readonly ScheduleRow[]): void {
    const of = ownerOf(place);
    this.#schedules.set(
      of,
      rows.map((row, at) => ({ ...row, place: at })),
    );
    this.#rescheduled.add(of);
  }

  async #saveSchedules(tx: Tx): Promise<void> {
    if (this.#rescheduled.size === 0) return;
    const owners = [...this.#rescheduled].flatMap((of) => this.#tasks.get(of) ?? []);
    const keys = owners.map(({ account, id }) => ({ account, id }));
    await sql`delete from schedule as t
      using json_to_recordset(${JSON.stringify(keys)}::json) as x(account text, id text)
      where t.account = x.account and t.task_id = x.id`.execute(tx);
    const rows = [...this.#rescheduled].flatMap((of) => this.#schedules.get(of) ?? []);
    await upsert(tx, 'schedule', rows);
  }
}

/** Schedules that events bring: they may have been there before, and been removed. */
function* schedulesNamed(commits: readonly Recorded[]): Iterable<ScheduleKey> {
  for (const recorded of commits) {
    const { account, id: task_id } = definitionOf(recorded);
    for (const { event } of recorded.events)
      for (const { id } of schedulesIn(event)) yield { account, task_id, schedule_id: key(id) };
  }
}

function schedulesIn(event: Recorded['events'][number]['event']): readonly task.Schedule[] {
  switch (event.$typeName) {
    case 'task.v1.TaskCreated':
      return event.schedules;
    case 'task.v1.ScheduleAdded':
    case 'task.v1.ScheduleChanged':
      return event.schedule ? [event.schedule] : [];
    default:
      return [];
  }
}

/** A switch of `enabled` is a pause of this schedule alone, unless it rings otherwise as well. */
function kindOf(before: ScheduleRow | undefined, after: ScheduleRow): VersionKind {
  if (before === undefined) return 'added';
  if (before.enabled === after.enabled || before.revision !== after.revision) return 'changed';
  return after.enabled ? 'resumed' : 'paused';
}

function taskMark(place: Place) {
  return {
    updated_at: occurredAt(place),
    updated_by: authorOf(place),
    version: int4(place.recorded.commit.ordinal),
    position: positionOf(place),
  };
}

export function targetJson(told: task.Target | undefined): string {
  return jsonOf({
    ...(told?.automationId && { automationId: told.automationId }),
    ...(told?.workflowId && { workflowId: told.workflowId }),
    ...(told?.systemTask && { systemTask: told.systemTask }),
  });
}

const MS_PER_MINUTE = 60_000;

/** In the units of the API. */
export function settingsJson(told: task.Settings | undefined): string {
  const { retryPolicy, notifications } = told ?? {};
  const shown: TaskSettings = {
    timeout: (told?.timeoutMs ?? 0) / MS_PER_MINUTE,
    retryPolicy: retryPolicyOf(retryPolicy),
    ...endSettingsOf(told),
    notifications: {
      onSuccess: notifications?.onSuccess ?? false,
      onFailure: notifications?.onFailure ?? false,
      channels: [...(notifications?.channels ?? [])],
    },
    ...(told?.concurrencyLimit ? { concurrencyLimit: told.concurrencyLimit } : {}),
    ...(told?.pauseAfterFailures ? { pauseAfterFailures: told.pauseAfterFailures } : {}),
    ...(told?.pool ? { pool: told.pool } : {}),
    ...(told?.limitIds.length ? { limitIds: [...told.limitIds] } : {}),
    ...(told?.requiredLabels.length
      ? { requiredLabels: told.requiredLabels.map(({ key, value }) => ({ key, value })) }
      : {}),
    ...limitsOf(told?.limits),
    priority: priority(told?.priority ?? 0),
  };
  return jsonOf(shown);
}

function limitsOf(told: task.Limits | undefined): Pick<TaskSettings, 'limits'> {
  const { cpuSeconds, memoryMb, diskMb, processes } = told ?? {};
  const limits = {
    ...(cpuSeconds && { cpuSeconds }),
    ...(memoryMb && { memoryMb }),
    ...(diskMb && { diskMb }),
    ...(processes && { processes }),
  };
  return Object.keys(limits).length === 0 ? {} : { limits };
}
