import {
  account as ac,
  automation,
  calendar as c,
  create,
  type DomainEvent,
  limit as l,
  type MessageInitShape,
  maintenance as m,
  pool as p,
  task as t,
  workflow as wf,
} from '#libs/contracts';
import { SUBJECT_OF, T0 } from './recorded.js';

const TASKS = 6;

/** Texts and JSON among which some are such as Postgres cannot hold. */
export const WORDS = ['plain', 'nul \0', '\u{1f514}', '"quoted"', '{"a":', ''] as const;
export const OPEN_JSON = [
  '',
  '{"a":[1,2.50],"b":{"z":1,"aa":2}}',
  '{"n":1e999}',
  '["\\u0000\\ud800"]',
  '{',
] as const;

interface SomeDefinition {
  readonly subject: string;
  /** The next fact of it. */
  readonly event: () => DomainEvent;
}

/** A definition of any kind, known or not, and what may be told of it. */
export function definitionFrom(random: () => number): SomeDefinition {
  const below = (n: number) => Math.floor(random() * n);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const kind = pick([
    ...(['task', 'task', 'task', 'automation', 'calendar', 'maintenance'] as const),
    ...(['pool', 'limit', 'account', 'workflow'] as const),
  ]);
  const subject = SUBJECT_OF[kind](`${kind[0]}${below(TASKS)}`);
  const make = { task: taskEvents, automation: automationEvents, ...others }[kind];
  return { subject, event: () => pick(make({ random, below, pick }))() };
}

interface Dice {
  readonly random: () => number;
  readonly below: (n: number) => number;
  readonly pick: <T>(values: readonly T[]) => T;
}

type Events = (dice: Dice) => readonly (() => DomainEvent)[];

function scheduleOf({ random, below, pick }: Dice): MessageInitShape<typeof t.ScheduleSchema> {
  const some = (ms: number) => pick([0, ms, Number.NaN, Number.POSITIVE_INFINITY]);
  return {
    id: `s${below(4)}`,
    revision: below(3),
    zone: 'UTC',
    dst: below(4),
    enabled: random() < 0.5,
    name: pick(WORDS),
    ...pick([
      { cron: '* * * * *' },
      { every: { everyMs: some(90_000), anchorMs: some(T0) } },
      { atMs: T0 },
      { recurrence: { rule: pick(WORDS), start: '2026-11-23T09:00:00' } },
    ]),
    fromMs: some(T0),
    untilMs: some(T0 + 1_000),
    maxRuns: below(3),
    catchUp: { mode: below(5), windowMs: some(1_500), limit: below(3) },
    overlap: { policy: below(8), bufferLimit: below(2) },
    spreadMs: some(1_000),
    jitterMs: some(500),
    calendars: [{ calendarId: pick(WORDS), role: below(4), action: below(5) }],
    parametersJson: pick(OPEN_JSON),
  };
}

const taskEvents: Events = (dice) => {
  const { random, below, pick } = dice;
  const schedule = scheduleOf(dice);
  return [
    () =>
      create(t.TaskCreatedSchema, {
        name: pick(WORDS),
        type: below(4),
        parametersJson: pick(OPEN_JSON),
        schedules: [schedule],
        enabled: random() < 0.8,
      }),
    () => create(t.TaskRenamedSchema, { name: pick(WORDS) }),
    () => create(t.ParametersChangedSchema, { parametersJson: pick(OPEN_JSON) }),
    () => create(t.SettingsChangedSchema, { settings: { timeoutMs: below(100) * 7_000 } }),
    () => create(t.ScheduleAddedSchema, { schedule }),
    () => create(t.ScheduleChangedSchema, { schedule, note: pick(WORDS) }),
    () => create(t.ScheduleRemovedSchema, { scheduleId: schedule.id ?? '' }),
    () => create(t.TaskPausedSchema, { reason: pick(WORDS) }),
    () => create(t.TaskResumedSchema),
    // Seldom: of a deleted task nothing more is to be seen.
    () => (random() < 0.1 ? create(t.TaskDeletedSchema) : create(t.TaskDescribedSchema)),
  ];
};

const automationEvents: Events = ({ below, pick }) => [
  () =>
    create(automation.AutomationSavedSchema, {
      name: pick(WORDS),
      version: below(4),
      flowJson: pick(OPEN_JSON),
    }),
  () => create(automation.AutomationDeletedSchema),
];

const others: Readonly<
  Record<'workflow' | 'calendar' | 'maintenance' | 'pool' | 'limit' | 'account', Events>
> = {
  workflow: ({ below, pick }) => [
    () =>
      create(wf.WorkflowSavedSchema, {
        name: pick(WORDS),
        version: below(4),
        source: pick(WORDS),
        note: pick(WORDS),
      }),
    () => create(wf.WorkflowDeletedSchema),
  ],
  calendar: ({ below, pick }) => [
    () =>
      create(c.CalendarSavedSchema, {
        name: pick(WORDS),
        version: below(4),
        days: {
          zone: pick(WORDS),
          dates: [{ from: '2026-12-24', to: '2026-12-26', name: pick(WORDS) }],
          hours: [{ weekday: below(9), fromMinute: 0, toMinute: 60 }],
        },
      }),
    () => create(c.CalendarDeletedSchema),
  ],
  maintenance: ({ below, pick }) => [
    () =>
      create(m.MaintenancePlannedSchema, {
        fromMs: pick([0, T0 + 60_000]),
        untilMs: pick([0, T0 + 90_000]),
        aftermath: below(5),
        reason: pick(WORDS),
      }),
    () => create(m.MaintenanceEndedSchema),
  ],
  pool: ({ below, pick }) => [
    () => create(p.PoolSavedSchema, { description: pick(WORDS), maxConcurrent: below(5) }),
    () => create(p.PoolPausedSchema, { reason: pick(WORDS) }),
    () => create(p.PoolResumedSchema),
    () => create(p.PoolDeletedSchema),
  ],
  limit: ({ below, pick }) => [
    () =>
      create(l.LimitSavedSchema, {
        version: below(4),
        rule: {
          name: pick(WORDS),
          keyExpression: pick(WORDS),
          maxConcurrent: below(9),
          ...pick([
            {},
            { rate: { count: below(5), perMs: pick([1_000, Number.NaN]), excess: below(4) } },
          ]),
        },
      }),
    () => create(l.LimitDeletedSchema),
  ],
  account: ({ below }) => [
    () => create(ac.AccountLimitsSetSchema, { maxConcurrent: below(9), weight: below(3) }),
  ],
};
