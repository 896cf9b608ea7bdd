// Histories of definitions: each aggregate from its first fact to its last.
import {
  calendar as c,
  create,
  type MessageInitShape,
  maintenance as m,
  task as t,
} from '#libs/contracts';
import {
  automationDecider,
  calendarDecider,
  maintenanceDecider,
  type TaskCommand,
  taskDecider,
} from '#libs/domain';
import { Recorder } from './recorder.ts';

export const NINE = Date.parse('2026-11-23T09:00:00Z');
export const MINUTE = 60_000;

type Fields<T> = Partial<Omit<T, '$typeName' | '$unknown'>>;

/** A draft that is fit, with what a history wants to be different. */
export function draft(more: Fields<t.TaskDraft> = {}): t.TaskDraft {
  return create(t.TaskDraftSchema, {
    name: 'Nightly report',
    description: 'Sends the figures of the day.',
    type: t.TaskType.SYSTEM,
    target: { systemTask: 'noop' },
    parametersJson: '{"region":"eu"}',
    settings: settings(),
    schedules: [
      { cron: '0 9 * * *', zone: 'Europe/Berlin', dst: t.DstPolicy.VIXIE, enabled: true },
    ],
    enabled: true,
    ...more,
  });
}

export function settings(more: Fields<t.Settings> = {}): t.Settings {
  return create(t.SettingsSchema, {
    timeoutMs: 60_000,
    retryPolicy: { maxRetries: 1, initialDelayMs: 1_000, backoffMultiplier: 2, maxDelayMs: 60_000 },
    concurrencyLimit: 1,
    priority: t.Priority.NORMAL,
    ...more,
  });
}

export function recordTask(): Recorder {
  const recorder = new Recorder();
  let atMs = NINE;
  const will = (command: TaskCommand) =>
    recorder.define('task', 'task-1', taskDecider, command, (atMs += MINUTE));
  const update = (commandId: string, change: Fields<t.TaskDraft>) =>
    will({ type: 'update', commandId, note: 'by hand', draft: draft(change) });
  const created = will({ type: 'create', taskId: 'task-1', commandId: 'c-1', draft: draft() });
  const [first] = 'schedules' in created ? created.schedules : [];
  if (first === undefined) throw new Error('the task has no schedule');
  const named = { name: 'Daily report', description: 'Sends all figures.' };
  update('c-2', { ...named, schedules: [first] });
  const fetching = {
    ...named,
    target: create(t.TargetSchema, { systemTask: 'http.request' }),
    parametersJson: '{"url":"https://example.org/report"}',
    settings: settings({ priority: t.Priority.HIGH, timeoutMs: 5_000 }),
  };
  update('c-3', { ...fetching, schedules: [first] });
  const hourly = create(t.ScheduleSchema, { cron: '@hourly', zone: 'UTC', enabled: true });
  update('c-4', { ...fetching, schedules: [{ ...first, cron: '30 9 * * 1-5' }, hourly] });
  will({ type: 'pause', reason: 'the report is being rewritten' });
  will({ type: 'resume' });
  update('c-5', { ...fetching, schedules: [{ ...first, cron: '30 9 * * 1-5' }] });
  will({ type: 'delete' });
  return recorder;
}

export function recordAutomation(): Recorder {
  const recorder = new Recorder();
  const save = (name: string, flowJson: string, atMs: number, mustExist: boolean) =>
    recorder.define(
      'automation',
      'flow-1',
      automationDecider,
      { type: 'save', automationId: 'flow-1', mustExist, name, flowJson },
      atMs,
    );
  const steps = (url: string) =>
    JSON.stringify({ title: 'Shop', steps: [{ type: 'navigate', url }] });
  save('Look at the shop', steps('https://example.org/'), NINE, false);
  save('Look at the shop', steps('https://example.org/shop'), NINE + MINUTE, true);
  recorder.define('automation', 'flow-1', automationDecider, { type: 'delete' }, NINE + 2 * MINUTE);
  return recorder;
}

export function recordCalendar(): Recorder {
  const recorder = new Recorder();
  const save = (days: MessageInitShape<typeof c.DaysSchema>, atMs: number, mustExist: boolean) =>
    recorder.define(
      'calendar',
      'holidays',
      calendarDecider,
      {
        type: 'save',
        calendarId: 'holidays',
        mustExist,
        name: 'Holidays',
        days: create(c.DaysSchema, days),
      },
      atMs,
    );
  const christmas = { from: '2026-12-24', to: '2026-12-26', name: 'Christmas' };
  save({ zone: 'Europe/Berlin', dates: [christmas] }, NINE, false);
  save(
    {
      dates: [christmas],
      hours: [{ weekday: 7, fromMinute: 0, toMinute: 1_440 }],
      times: [{ from: '2026-11-27T00:00:00', to: '2026-11-30T06:00:00', name: 'Sale' }],
    },
    NINE + MINUTE,
    true,
  );
  recorder.define('calendar', 'holidays', calendarDecider, { type: 'delete' }, NINE + 2 * MINUTE);
  return recorder;
}

export function recordMaintenance(): Recorder {
  const recorder = new Recorder();
  const plan = {
    type: 'plan',
    maintenanceId: 'move',
    fromMs: NINE + 10 * MINUTE,
    untilMs: 0,
    aftermath: m.Aftermath.LATEST,
    reason: 'the data centre moves',
  } as const;
  recorder.define('maintenance', 'move', maintenanceDecider, plan, NINE);
  recorder.define('maintenance', 'move', maintenanceDecider, { type: 'end' }, NINE + 30 * MINUTE);
  return recorder;
}
