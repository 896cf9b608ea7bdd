import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  calendar as c,
  create,
  type MessageInitShape,
  maintenance as m,
  SYSTEM_ACCOUNT,
  task as t,
  tick,
} from '#libs/contracts';
import { timingOf } from '../task/timing.js';
import { type Ahead, foretell, startsAfter } from './foretell.js';
import { TickPlan } from './plan.js';
import { memberOf, plannedOf } from './planned-schedule.js';
import { decideTick } from './tick.js';

/** A Monday. */
const NINE = Date.parse('2026-11-23T09:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ACCOUNT = 'default';
const { SKIP, LATEST, ALL } = m.Aftermath;

type Fields = Exclude<MessageInitShape<typeof t.ScheduleSchema>, { $typeName: string }>;

interface Held {
  readonly account?: string;
  readonly from: number;
  readonly until?: number;
  readonly aftermath: m.Aftermath;
}

interface Given {
  readonly schedules: readonly Fields[];
  readonly paused?: boolean;
  /** Dates that the calendar `c1` has. */
  readonly dates?: readonly { readonly from: string; readonly to: string }[];
  readonly held?: readonly Held[];
}

function surround(plan: TickPlan, { dates = [], held = [] }: Given): TickPlan {
  const days = create(c.DaysSchema, { dates: dates.map((one) => ({ ...one })) });
  const saved = create(c.CalendarSavedSchema, { calendarId: 'c1', version: 1, name: 'c', days });
  plan.apply(ACCOUNT, 'c1', saved, NINE - 1);
  held.forEach(({ account = ACCOUNT, from, until = 0, aftermath }, place) => {
    const range = { maintenanceId: `m${place}`, fromMs: from, untilMs: until, aftermath };
    plan.apply(account, `m${place}`, create(m.MaintenancePlannedSchema, range), 0);
  });
  return plan;
}

const schedulesOf = ({ schedules }: Given) =>
  schedules.map((fields, place) =>
    create(t.ScheduleSchema, {
      id: `s${place}`,
      revision: 1,
      zone: 'UTC',
      enabled: true,
      ...fields,
    }),
  );

function aheadOf(given: Given): Ahead {
  const within = { account: ACCOUNT, taskId: 't1', fromMs: NINE - 1, atMs: NINE - 1 };
  return {
    plan: surround(new TickPlan(), given),
    schedules: schedulesOf(given).map((schedule) => {
      const planned = plannedOf(schedule, timingOf(schedule));
      const member = memberOf(planned, { ...within, paused: given.paused ?? false });
      return { member, timing: planned.timing };
    }),
  };
}

/** What the ticker decides, looking at each instant as it comes. */
function ticked(given: Given, untilMs: number): tick.Slot[] {
  const plan = surround(new TickPlan(), given);
  const made = { taskId: 't1', schedules: schedulesOf(given), enabled: !given.paused };
  plan.apply(ACCOUNT, 't1', create(t.TaskCreatedSchema, made), NINE - 1);
  const slots: tick.Slot[] = [];
  for (let at = plan.nextDueMs(); at !== undefined && at <= untilMs; at = plan.nextDueMs()) {
    const decision = decideTick(plan, at);
    if (decision === undefined) {
      plan.passOver(at);
      continue;
    }
    slots.push(...decision.slots);
    plan.advance(decision.to);
  }
  return slots;
}

function told(given: Given, scheduleId: string, untilMs: number): tick.Slot[] {
  const slots: tick.Slot[] = [];
  for (const { slot } of foretell(aheadOf(given), scheduleId, NINE - 1)) {
    if (slot.dueAtMs > untilMs) break;
    slots.push(slot);
  }
  return slots;
}

describe('what is told of the slots ahead', () => {
  const fields = fc.record(
    {
      cron: fc.constantFrom('*/10 * * * *', '0 * * * *', '5,30 9-12 * * *', '0 10 * * 1-5'),
      zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu'),
      fromMs: fc.integer({ min: -2, max: 5 }).map((hours) => NINE + hours * HOUR),
      untilMs: fc.integer({ min: 1, max: 40 }).map((hours) => NINE + hours * HOUR),
      maxRuns: fc.integer({ min: 1, max: 9 }),
      spreadMs: fc.integer({ min: 0, max: 3 * HOUR }),
      jitterMs: fc.integer({ min: 0, max: HOUR }),
      calendars: fc.constantFrom(
        ...[t.CalendarRole.EXCLUDE, t.CalendarRole.INCLUDE].flatMap((role) =>
          [t.CalendarAction.SKIP, t.CalendarAction.AT_END, t.CalendarAction.NEXT_DAY].map(
            (action) => [{ calendarId: 'c1', role, action }],
          ),
        ),
      ),
    },
    { requiredKeys: ['cron', 'zone'] },
  );
  const range = fc
    .tuple(fc.integer({ min: -1, max: 30 }), fc.integer({ min: 1, max: 12 }))
    .map(([from, hours]) => ({ from: NINE + from * HOUR, until: NINE + (from + hours) * HOUR }));
  const held = fc.record({
    account: fc.constantFrom(ACCOUNT, SYSTEM_ACCOUNT, 'another'),
    range,
    aftermath: fc.constantFrom(SKIP, LATEST, ALL),
  });
  const dates = fc.constantFrom(
    [],
    [{ from: '2026-11-23', to: '2026-11-23' }],
    [{ from: '2026-11-24', to: '2026-11-24' }],
  );
  const given = fc.record({
    schedules: fc.array(fields, { minLength: 1, maxLength: 3 }),
    paused: fc.boolean(),
    dates,
    held: fc
      .array(held, { maxLength: 3 })
      .map((all) => all.map(({ range: span, ...rest }) => ({ ...rest, ...span }))),
  });

  test('is what the ticker decides when they come, of every schedule', () => {
    const untilMs = NINE + 36 * HOUR;
    fc.assert(
      fc.property(given, (one) => {
        const decided = ticked(one, untilMs);
        one.schedules.forEach((_, place) => {
          const id = `s${place}`;
          const own = decided.filter(({ scheduleId }) => scheduleId === id);
          expect(told(one, id, untilMs)).toEqual(own);
        });
      }),
      { numRuns: 150 },
    );
  });
});

describe('a maintenance', () => {
  const hourly = { cron: '0 * * * *' };
  const during = (aftermath: m.Aftermath, until?: number): Given => ({
    schedules: [hourly],
    held: [{ from: NINE + 30 * MINUTE, ...(until === undefined ? {} : { until }), aftermath }],
  });
  const startsOf = (one: Given, count: number) => {
    const found = [];
    for (const { slot, heldBy, startsAtMs } of foretell(aheadOf(one), 's0', NINE - 1)) {
      const hours = startsAtMs === undefined ? 'never' : (startsAtMs - NINE) / HOUR;
      found.push(`${slot.local.slice(11, 16)} ${heldBy ?? 'free'} ${hours}`);
      if (found.length === count) break;
    }
    return found;
  };
  const nextOf = (one: Given, afterMs: number, count = 3) =>
    startsAfter(aheadOf(one), 's0', afterMs, { count, looks: 50 }).map((ms) => (ms - NINE) / HOUR);

  test('holds its slots, of which the latest starts when it ends', () => {
    expect(startsOf(during(LATEST, NINE + 3.5 * HOUR), 5)).toEqual([
      '09:00 free 0',
      '10:00 m0 never',
      '11:00 m0 never',
      '12:00 m0 3.5',
      '13:00 free 4',
    ]);
  });

  test('that lets all of them run afterwards starts them when it ends', () => {
    const all = startsOf(during(ALL, NINE + 3.5 * HOUR), 5);
    expect(all.slice(1, 4)).toEqual(['10:00 m0 3.5', '11:00 m0 3.5', '12:00 m0 3.5']);
  });

  test('without an end starts nothing that could be told', () => {
    expect(startsOf(during(LATEST), 3)).toEqual([
      '09:00 free 0',
      '10:00 m0 never',
      '11:00 m0 never',
    ]);
    expect(nextOf(during(LATEST), NINE + 10 * HOUR)).toEqual([]);
  });

  test('that passes over into another holds until the end of that one', () => {
    const first = { from: NINE, until: NINE + 2 * HOUR, aftermath: ALL };
    const second = { ...first, account: SYSTEM_ACCOUNT, from: NINE + HOUR, until: NINE + 5 * HOUR };
    const one = { schedules: [hourly], held: [first, second] };
    expect(nextOf(one, NINE - 1, 2)).toEqual([5, 6]);
  });

  test('that holds now starts afterwards what was due before now', () => {
    expect(nextOf(during(LATEST, NINE + 3.5 * HOUR), NINE + 3.25 * HOUR, 2)).toEqual([3.5, 4]);
  });

  test('of a month is passed over in one step', () => {
    const month = 30 * 24 * HOUR;
    const often = { ...during(LATEST, NINE + month), schedules: [{ cron: '* * * * *' }] };
    expect(nextOf(often, NINE + HOUR, 1)).toEqual([month / HOUR]);
  });
});

test('a slot whose spread has not come yet is among the next starts', () => {
  const one: Given = { schedules: [{ cron: '0 9 * * *', spreadMs: 2 * HOUR }] };
  const [first] = told(one, 's0', NINE);
  const startsAtMs = first?.effectiveAtMs ?? 0;
  expect(startsAtMs).toBeGreaterThan(NINE);
  const next = startsAfter(aheadOf(one), 's0', startsAtMs - 1, { count: 1, looks: 10 });
  expect(next).toEqual([startsAtMs]);
});

test('a schedule that nobody knows has no slots', () => {
  expect([...foretell(aheadOf({ schedules: [] }), 's0', NINE)]).toEqual([]);
});
