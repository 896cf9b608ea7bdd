// Histories of the two journals, and of one whole run over all streams.
import {
  attempt as a,
  calendar as c,
  create,
  dispatch as d,
  log as l,
  type MessageInitShape,
  maintenance as m,
  task as t,
} from '#libs/contracts';
import { automationDecider, calendarDecider, maintenanceDecider, taskDecider } from '#libs/domain';
import { draft, MINUTE, NINE, settings } from './definitions.ts';
import { ACCOUNT, ended, Recorder, started } from './recorder.ts';

const HOUR = 60 * MINUTE;
const SECOND = 1_000;

type Schedule = MessageInitShape<typeof t.ScheduleSchema>;

function make(recorder: Recorder, id: string, schedules: Schedule[], atMs: number): void {
  const made = draft({
    name: id,
    schedules: schedules.map((schedule) =>
      create(t.ScheduleSchema, { zone: 'UTC', enabled: true, ...schedule } as Schedule),
    ),
  });
  const command = { type: 'create', taskId: id, commandId: `make-${id}`, draft: made } as const;
  recorder.define('task', id, taskDecider, command, atMs);
}

/** A pause, an outage, a calendar, a maintenance, and two schedules of one instant. */
export function recordTick(): Recorder {
  const recorder = new Recorder();
  const beforeMs = NINE - MINUTE;
  const sale = create(c.DaysSchema, {
    zone: 'UTC',
    times: [{ from: '2026-11-23T09:20:00', to: '2026-11-23T09:40:00', name: 'Sale' }],
  });
  const save = {
    type: 'save',
    calendarId: 'sale',
    mustExist: false,
    name: 'Sale',
    days: sale,
  } as const;
  recorder.define('calendar', 'sale', calendarDecider, save, beforeMs);
  const calendars = [
    { calendarId: 'sale', role: t.CalendarRole.EXCLUDE, action: t.CalendarAction.SKIP },
  ];
  make(recorder, 'plain', [{ cron: '*/10 * * * *' }, { cron: '0 * * * *' }], beforeMs);
  make(recorder, 'guarded', [{ cron: '*/30 * * * *', calendars }], beforeMs);
  make(recorder, 'berlin', [{ cron: '0 10 * * *', zone: 'Europe/Berlin' }], beforeMs);
  make(recorder, 'spread', [{ cron: '0 * * * *', spreadMs: 30 * SECOND }], beforeMs);
  make(recorder, 'every', [{ every: { everyMs: 25 * MINUTE, anchorMs: NINE } }], beforeMs);
  const all = { mode: t.CatchUpMode.ALL, windowMs: 24 * HOUR, limit: 3 };
  make(recorder, 'patient', [{ cron: '*/10 * * * *', catchUp: all }], beforeMs);
  recorder.tick(NINE);
  const pause = { type: 'pause', reason: 'a look at it' } as const;
  recorder.define('task', 'plain', taskDecider, pause, NINE + 15 * MINUTE);
  recorder.tick(NINE + 20 * MINUTE);
  recorder.define('task', 'plain', taskDecider, { type: 'resume' }, NINE + 25 * MINUTE);
  recorder.tick(NINE + 30 * MINUTE + 40);
  const plan = {
    type: 'plan',
    maintenanceId: 'move',
    fromMs: NINE + 35 * MINUTE,
    untilMs: NINE + 45 * MINUTE,
    aftermath: m.Aftermath.SKIP,
    reason: 'the data centre moves',
  } as const;
  recorder.define('maintenance', 'move', maintenanceDecider, plan, NINE + 31 * MINUTE);
  recorder.tick(NINE + 40 * MINUTE);
  // Nobody looked for more than three hours.
  recorder.tick(NINE + 4 * HOUR + 3 * MINUTE);
  return recorder;
}

const command = (id: string, body: d.Command['body']) =>
  create(d.CommandSchema, { id, account: ACCOUNT, body });

const run = (id: string, taskId: string, more: MessageInitShape<typeof d.RunTaskSchema> = {}) =>
  command(id, { case: 'runTask', value: create(d.RunTaskSchema, { taskId, ...more }) });

const cancel = (id: string, executionId: string) =>
  command(id, {
    case: 'cancelExecution',
    value: create(d.CancelExecutionSchema, { executionId, reason: 'not needed' }),
  });

const worker = (workerId: string, slots: number, pool = 'system') =>
  create(d.WorkerCapacitySchema, {
    workerId,
    pools: [{ pool, slots }],
    labels: [{ key: 'region', value: 'eu' }],
  });

function one<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined) throw new Error('there is none');
  return first;
}

/** Success, failure with a retry, loss, a stale fact, an overlap, cancels, and offers that were not begun. */
export function recordDispatch(): Recorder {
  const recorder = new Recorder();
  make(recorder, 'noop', [{ cron: '* * * * *' }], NINE - SECOND);
  recorder.tick(NINE);
  recorder.dispatch(NINE, { workers: [worker('w-1', 2)] });
  const slot = one(recorder.released);
  recorder.tell(started(slot, 'w-1', NINE + 20), NINE + 20);
  recorder.dispatch(NINE + 25);
  recorder.tell(
    ended(slot, 'w-1', NINE + 90, a.AttemptOutcome.FAILED, 'HTTP_STATUS_UNEXPECTED'),
    NINE + 90,
  );
  recorder.dispatch(NINE + 95);
  recorder.dispatch(NINE + 95 + SECOND);
  // Its offer does not reach the worker, and comes back unused from another.
  const { executionId, fence } = one(recorder.released);
  recorder.dispatch(NINE + 2 * SECOND - 300, {
    unclaimed: [create(d.UnclaimedOfferSchema, { executionId, fence })],
    workers: [worker('w-1', 0), worker('w-2', 2)],
  });
  const declined = one(recorder.released);
  const declinedMs = NINE + 2 * SECOND - 200;
  recorder.tell(ended(declined, 'w-2', declinedMs, a.AttemptOutcome.HANDED_BACK), declinedMs);
  recorder.dispatch(declinedMs + 5);
  recorder.dispatch(declinedMs + 100);
  const again = one(recorder.released);
  recorder.tell(started(again, 'w-2', NINE + 2 * SECOND), NINE + 2 * SECOND);
  recorder.dispatch(NINE + 2 * SECOND);
  // The next slot finds the run still open, and its worker falls silent.
  recorder.tick(NINE + MINUTE);
  recorder.dispatch(NINE + MINUTE);
  const silence = create(d.WorkerSilenceSchema, { workerId: 'w-2', silentMs: 4_100 });
  const gone = create(d.WorkerCapacitySchema, { workerId: 'w-2', gone: true });
  recorder.dispatch(NINE + MINUTE + SECOND, {
    silences: [silence],
    workers: [gone, worker('w-3', 2)],
  });
  recorder.tell(
    ended(again, 'w-2', NINE + MINUTE + 2 * SECOND, a.AttemptOutcome.SUCCEEDED),
    NINE + 2 * MINUTE,
  );
  recorder.dispatch(NINE + MINUTE + 2 * SECOND);
  const input = { parametersJson: '{"region":"us"}', priority: t.Priority.HIGH };
  recorder.dispatch(NINE + 90 * SECOND, {
    commands: [run('run-1', 'noop', input), run('run-2', 'noop')],
  });
  const byHand = one(recorder.released);
  const [waiting] = recorder.dispatch(NINE + 91 * SECOND, { commands: [run('run-3', 'noop')] });
  if (!waiting?.accepted) throw new Error('the run was refused');
  recorder.dispatch(NINE + 92 * SECOND, { commands: [cancel('cancel-3', waiting.executionId)] });
  recorder.tell(started(byHand, 'w-3', NINE + 92 * SECOND), NINE + 92 * SECOND);
  recorder.dispatch(NINE + 92 * SECOND + 5);
  recorder.dispatch(NINE + 93 * SECOND, { commands: [cancel('cancel-1', byHand.executionId)] });
  recorder.tell(
    ended(byHand, 'w-3', NINE + 94 * SECOND, a.AttemptOutcome.CANCELLED),
    NINE + 94 * SECOND,
  );
  recorder.dispatch(NINE + 94 * SECOND + 5);
  backfill(recorder);
  recorder.define('task', 'noop', taskDecider, { type: 'delete' }, NINE + 2 * HOUR);
  return recorder;
}

/** Two past slots, one after the other, with a pause between them. */
function backfill(recorder: Recorder): void {
  const fromMs = NINE + HOUR;
  const past = (hour: number) => ({
    scheduleRevision: 1,
    local: `2026-11-22T0${hour}:00:00`,
    zone: 'UTC',
    dueAtMs: NINE - (33 - hour) * HOUR,
  });
  const start = create(d.StartBackfillSchema, {
    taskId: 'noop',
    scheduleId: 'any',
    slots: [past(7), past(8)],
    concurrency: 1,
    note: 'the source was wrong',
  });
  const [begun] = recorder.dispatch(fromMs, {
    commands: [command('backfill-1', { case: 'startBackfill', value: start })],
  });
  if (!begun?.accepted) throw new Error('the backfill was refused');
  const changed = (id: string, how: d.BackfillChange, atMs: number) =>
    recorder.dispatch(atMs, {
      commands: [
        command(id, {
          case: 'changeBackfill',
          value: create(d.ChangeBackfillSchema, { backfillId: begun.executionId, change: how }),
        }),
      ],
    });
  // One run of the task at a time: what was offered before and not taken comes first.
  const first = one(recorder.released);
  changed('backfill-pause', d.BackfillChange.PAUSE, fromMs + SECOND);
  endWell(recorder, first, fromMs + 2 * SECOND);
  changed('backfill-resume', d.BackfillChange.RESUME, fromMs + 3 * SECOND);
  endWell(recorder, one(recorder.released), fromMs + 4 * SECOND);
  endWell(recorder, one(recorder.released), fromMs + 5 * SECOND);
}

function endWell(recorder: Recorder, at: Parameters<typeof started>[0], atMs: number): void {
  recorder.tell(started(at, 'w-3', atMs), atMs);
  recorder.dispatch(atMs + 1);
  recorder.tell(ended(at, 'w-3', atMs + 2, a.AttemptOutcome.SUCCEEDED), atMs + 2);
  recorder.dispatch(atMs + 3);
}

/** From the making of a task to the end of its first run, with its log and a picture. */
export function recordWholeRun(): Recorder {
  const recorder = new Recorder();
  const flow = JSON.stringify({
    title: 'Shop',
    steps: [{ type: 'navigate', url: 'https://example.org/' }],
  });
  const save = {
    type: 'save',
    automationId: 'shop',
    mustExist: false,
    name: 'Shop',
    flowJson: flow,
  } as const;
  recorder.define('automation', 'shop', automationDecider, save, NINE - HOUR);
  const made = draft({
    name: 'Look at the shop',
    type: t.TaskType.BROWSER_AUTOMATION,
    target: create(t.TargetSchema, { automationId: 'shop' }),
    settings: settings({ timeoutMs: 10 * MINUTE }),
    schedules: [
      create(t.ScheduleSchema, { cron: '0 10 * * 1-5', zone: 'Europe/Berlin', enabled: true }),
    ],
  });
  const creation = { type: 'create', taskId: 'look', commandId: 'make-look', draft: made } as const;
  recorder.define('task', 'look', taskDecider, creation, NINE - HOUR + 1);
  recorder.tick(NINE + 2);
  recorder.dispatch(NINE + 4, { workers: [worker('w-1', 2, 'browser')] });
  const at = one(recorder.released);
  recorder.tell(started(at, 'w-1', NINE + 9), NINE + 9);
  recorder.dispatch(NINE + 11);
  const line = (offsetMs: number, message: string) => ({
    atMs: NINE + offsetMs,
    level: l.Level.INFO,
    message,
    metadataJson: '{"step":1}',
  });
  const chunk = create(l.LogChunkSchema, {
    ...at,
    account: ACCOUNT,
    firstLine: 1,
    lines: [line(400, 'navigate https://example.org/'), line(900, 'the page is loaded')],
  });
  recorder.log('w-1', chunk, NINE + 950);
  const end = ended(at, 'w-1', NINE + 1_300, a.AttemptOutcome.SUCCEEDED);
  end.artifacts = [
    create(a.ArtifactSchema, {
      name: 'end.png',
      mediaType: 'image/png',
      sizeBytes: 48_213,
      objectKey: `${ACCOUNT}/${at.executionId}/1-${at.fence}/end.png`,
    }),
  ];
  recorder.tell(end, NINE + 1_300);
  recorder.dispatch(NINE + 1_303);
  return recorder;
}
