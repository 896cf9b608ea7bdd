import { describe, expect, test } from '@jest/globals';
import {
  calendar as c,
  create,
  type MessageInitShape,
  maintenance as m,
  task as t,
  tick,
} from '#libs/contracts';
import { TickPlan } from './plan.js';
import { decideTick } from './tick.js';

/** A Monday. */
const NINE = Date.parse('2026-11-23T09:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What a test says of a schedule. */
type Fields = Exclude<MessageInitShape<typeof t.ScheduleSchema>, { $typeName: string }>;

function schedule(more: Fields): t.Schedule {
  return create(t.ScheduleSchema, { id: 's1', revision: 1, zone: 'UTC', enabled: true, ...more });
}

function planOf(...schedules: t.Schedule[]): TickPlan {
  const plan = new TickPlan();
  const event = create(t.TaskCreatedSchema, { taskId: 't1', schedules, enabled: true });
  plan.apply('default', 't1', event, NINE - 1);
  return plan;
}

function decideAll(plan: TickPlan, horizonMs: number): tick.Slot[] {
  const slots: tick.Slot[] = [];
  for (let rounds = 0; rounds < 10_000; rounds++) {
    const decision = decideTick(plan, horizonMs);
    if (decision === undefined) return slots;
    slots.push(...decision.slots);
    plan.advance(decision.to);
  }
  throw new Error('never done');
}

function told({ scheduleId, local, outcome, cause, effectiveAtMs, dueAtMs }: tick.Slot): string {
  const words = `${tick.SlotOutcome[outcome]} ${tick.SlotCause[cause]}`.toLowerCase();
  const shift = effectiveAtMs - dueAtMs;
  return `${scheduleId} ${local.slice(5, 16)} ${words}${shift === 0 ? '' : ` +${shift / HOUR}h`}`;
}

describe('what a schedule may say about time', () => {
  test('an interval counts from its anchor', () => {
    const plan = planOf(schedule({ every: { everyMs: 90 * 60_000, anchorMs: NINE } }));
    expect(decideAll(plan, NINE).map(told)).toEqual(['s1 11-23T09:00 fired due']);
    expect(decideAll(plan, NINE + 1.5 * HOUR).map(told)).toEqual(['s1 11-23T10:30 fired due']);
  });

  test('one instant rings once', () => {
    const plan = planOf(schedule({ atMs: NINE }));
    expect(decideAll(plan, NINE).map(told)).toEqual(['s1 11-23T09:00 fired due']);
    expect(decideAll(plan, NINE + DAY)).toEqual([]);
  });

  test('a recurrence rings by its rule', () => {
    const recurrence = { rule: 'FREQ=WEEKLY;BYDAY=MO', start: '2026-11-23T09:00:00' };
    expect(decideAll(planOf(schedule({ recurrence })), NINE).map(told)).toEqual([
      's1 11-23T09:00 fired due',
    ]);
  });

  test('from, until and a number of runs bound it, both ends included', () => {
    const hourly: Fields = { cron: '0 * * * *', catchUp: { mode: t.CatchUpMode.ALL } };
    const bounded = schedule({ ...hourly, fromMs: NINE + HOUR, untilMs: NINE + 3 * HOUR });
    expect(decideAll(planOf(bounded), NINE + DAY)).toHaveLength(3);
    expect(decideAll(planOf(schedule({ ...hourly, maxRuns: 2 })), NINE + DAY)).toHaveLength(2);
  });
});

describe('catching up', () => {
  const late = (catchUp: Fields['catchUp'], more: Fields = {}) =>
    decideAll(planOf(schedule({ cron: '0 * * * *', catchUp, ...more })), NINE + 2.5 * HOUR).map(
      told,
    );

  test('nothing', () => {
    expect(late({ mode: t.CatchUpMode.NONE })).toEqual([
      's1 11-23T09:00 missed not_caught_up',
      's1 11-23T10:00 missed not_caught_up',
      's1 11-23T11:00 missed not_caught_up',
    ]);
  });

  test('all, up to a number: the latest of them', () => {
    expect(late({ mode: t.CatchUpMode.ALL, limit: 2 })).toEqual([
      's1 11-23T09:00 missed not_caught_up',
      's1 11-23T10:00 fired catch_up',
      's1 11-23T11:00 fired catch_up',
    ]);
  });

  test('within a window', () => {
    expect(late({ mode: t.CatchUpMode.ALL, windowMs: HOUR })).toEqual([
      's1 11-23T09:00 missed too_late',
      's1 11-23T10:00 missed too_late',
      's1 11-23T11:00 fired catch_up',
    ]);
  });

  test('not after the start deadline', () => {
    expect(late({ mode: t.CatchUpMode.ALL }, { startDeadlineMs: 10 * 60_000 })).toEqual([
      's1 11-23T09:00 missed too_late',
      's1 11-23T10:00 missed too_late',
      's1 11-23T11:00 missed too_late',
    ]);
  });
});

describe('two schedules of a task', () => {
  test('with a slot at the same instant run once, and it is recorded', () => {
    const plan = planOf(
      schedule({ id: 'a', cron: '0 9 * * *' }),
      schedule({ id: 'b', cron: '0 * * * *' }),
    );
    const slots = decideAll(plan, NINE);
    expect(slots.map(told)).toEqual(['a 11-23T09:00 fired due', 'b 11-23T09:00 skipped merged']);
    expect(slots[1]).toMatchObject({ mergedInto: 'a', executionId: '' });
  });

  test('are never parted by the cut of a commit', () => {
    const plan = planOf(
      schedule({ id: 'a', cron: '0 9 * * *' }),
      schedule({ id: 'b', cron: '0 9 * * *' }),
    );
    expect(decideTick(plan, NINE, 1)?.slots).toHaveLength(2);
  });
});

describe('a spread and a jitter', () => {
  test('move the start, always alike, and never to the next slot', () => {
    const shifts = (id: string) =>
      decideAll(planOf(schedule({ id, cron: '0 * * * *', spreadMs: 30 * 60_000 })), NINE).map(
        ({ effectiveAtMs, dueAtMs }) => effectiveAtMs - dueAtMs,
      );
    expect(shifts('s1')).toEqual(shifts('s1'));
    expect(new Set(['s1', 's2', 's3', 's4', 's5'].flatMap(shifts)).size).toBeGreaterThan(3);
    const wild = schedule({ cron: '* * * * *', jitterMs: DAY });
    for (const { effectiveAtMs, dueAtMs } of decideAll(planOf(wild), NINE))
      expect(effectiveAtMs - dueAtMs).toBeLessThan(60_000);
  });
});

describe('calendars', () => {
  const holiday = { dates: [{ from: '2026-11-23', to: '2026-11-23', name: 'a holiday' }] };
  const office = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 540, toMinute: 1_020 }));
  const withCalendar = (
    days: MessageInitShape<typeof c.DaysSchema>,
    use: MessageInitShape<typeof t.CalendarUseSchema>,
    cron = '0 9 * * 1',
  ): TickPlan => {
    const plan = planOf(schedule({ cron, calendars: [{ calendarId: 'c1', ...use }] }));
    const saved = create(c.CalendarSavedSchema, { calendarId: 'c1', version: 3, days });
    plan.apply('default', 'c1', saved, NINE - 1);
    return plan;
  };
  const { EXCLUDE, INCLUDE } = t.CalendarRole;
  const { SKIP, AT_END, NEXT_DAY } = t.CalendarAction;

  test('an excluded day skips the slot, and names the calendar and its version', () => {
    const slots = decideAll(withCalendar(holiday, { role: EXCLUDE, action: SKIP }), NINE);
    expect(slots.map(told)).toEqual(['s1 11-23T09:00 skipped calendar']);
    expect(slots[0]).toMatchObject({ calendarId: 'c1', calendarVersion: 3 });
  });

  test('a slot of an excluded day runs once at its end, or on the next allowed day', () => {
    const atEnd = withCalendar(holiday, { role: EXCLUDE, action: AT_END });
    expect(decideAll(atEnd, NINE).map(told)).toEqual(['s1 11-23T09:00 fired moved +15h']);
    const nextDay = withCalendar(holiday, { role: EXCLUDE, action: NEXT_DAY });
    expect(decideAll(nextDay, NINE).map(told)).toEqual(['s1 11-23T09:00 fired moved +24h']);
  });

  test('of many slots in the excluded time the last one is moved to its end', () => {
    const plan = withCalendar(holiday, { role: EXCLUDE, action: AT_END }, '0 */6 * * *');
    const moved = decideAll(plan, NINE + 9.5 * HOUR).map(told);
    expect(moved).toEqual(['s1 11-23T12:00 skipped calendar', 's1 11-23T18:00 skipped calendar']);
  });

  test('outside the included hours a slot does not run', () => {
    const hours = { hours: office };
    const at = (cron: string) => withCalendar(hours, { role: INCLUDE, action: SKIP }, cron);
    expect(decideAll(at('0 9 * * *'), NINE).map(told)).toEqual(['s1 11-23T09:00 fired due']);
    expect(decideAll(at('0 17 * * *'), NINE + 8 * HOUR).map(told)).toEqual([
      's1 11-23T17:00 skipped calendar',
    ]);
  });

  test('a calendar that excludes everything answers never, and spins nowhere', () => {
    const always = { dates: [{ from: '1970-01-01', to: '2199-12-31', name: '' }] };
    for (const action of [AT_END, NEXT_DAY]) {
      const plan = withCalendar(always, { role: EXCLUDE, action });
      expect(decideAll(plan, NINE).map(told)).toEqual(['s1 11-23T09:00 skipped calendar']);
    }
  });

  test('a slot is judged by the version in force at its instant', () => {
    const plan = withCalendar(holiday, { role: EXCLUDE, action: SKIP });
    const emptied = create(c.CalendarSavedSchema, { calendarId: 'c1', version: 4, days: {} });
    plan.apply('default', 'c1', emptied, NINE + 1);
    expect(decideAll(plan, NINE + 30_000).map(told)).toEqual(['s1 11-23T09:00 skipped calendar']);
  });
});

describe('a maintenance', () => {
  test('that skips records the slots that fell into it', () => {
    const plan = planOf(schedule({ cron: '*/30 * * * * *' }));
    const { SKIP } = m.Aftermath;
    const window = { maintenanceId: 'm1', fromMs: NINE, untilMs: NINE + 60_000, aftermath: SKIP };
    plan.apply('default', 'm1', create(m.MaintenancePlannedSchema, window), NINE - 1);
    const slots = decideAll(plan, NINE + 60_000);
    expect(slots.map(told)).toEqual([
      's1 11-23T09:00 skipped maintenance',
      's1 11-23T09:00 skipped maintenance',
      's1 11-23T09:01 fired due',
    ]);
    expect(slots[0]?.maintenanceId).toBe('m1');
  });

  test('ends when it is told to', () => {
    const plan = planOf(schedule({ cron: '* * * * *' }));
    const { SKIP } = m.Aftermath;
    const window = { maintenanceId: 'm1', fromMs: 0, untilMs: 0, aftermath: SKIP };
    plan.apply('default', 'm1', create(m.MaintenancePlannedSchema, window), NINE - 1);
    plan.apply('default', 'm1', create(m.MaintenanceEndedSchema), NINE + 30_000);
    expect(decideAll(plan, NINE + 60_000).map(told)).toEqual([
      's1 11-23T09:00 skipped maintenance',
      's1 11-23T09:01 fired due',
    ]);
  });
});
