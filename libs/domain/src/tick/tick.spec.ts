import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { create, type MessageInitShape, task as t, tick } from '#libs/contracts';
import { TickPlan, type Watermark } from './plan.js';
import { decideTick } from './tick.js';

const NINE = Date.parse('2026-11-23T09:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function schedule(
  id: string,
  cron: string,
  more: MessageInitShape<typeof t.ScheduleSchema> = {},
): t.Schedule {
  return create(t.ScheduleSchema, { id, revision: 1, cron, zone: 'UTC', enabled: true, ...more });
}

function created(...schedules: t.Schedule[]) {
  return create(t.TaskCreatedSchema, { taskId: 't1', name: 'n', schedules, enabled: true });
}

function planOf(atMs: number, ...schedules: t.Schedule[]): TickPlan {
  const plan = new TickPlan();
  plan.apply('default', 't1', created(...schedules), atMs);
  return plan;
}

/** Decides and takes in, in commits of `limit`, until nothing is due. */
function decideAll(plan: TickPlan, horizonMs: number, limit?: number): tick.Slot[] {
  const slots: tick.Slot[] = [];
  for (let rounds = 0; rounds < 100_000; rounds++) {
    const decision = decideTick(plan, horizonMs, limit);
    if (decision === undefined) return slots;
    slots.push(...decision.slots);
    plan.advance(decision.to);
  }
  throw new Error('never done');
}

function told({ scheduleId, local, outcome, cause }: tick.Slot): string {
  const words = `${tick.SlotOutcome[outcome]} ${tick.SlotCause[cause]}`.toLowerCase();
  return `${scheduleId} ${local.slice(11)} ${words}`;
}

describe('a slot that is looked at in time', () => {
  test('fires at its instant and not a millisecond before', () => {
    const plan = planOf(NINE - 1, schedule('s1', '0 9 * * *'));
    expect(decideTick(plan, NINE - 1)).toBeUndefined();
    expect(decideAll(plan, NINE).map(told)).toEqual(['s1 09:00:00 fired due']);
  });

  test('is decided once', () => {
    const plan = planOf(NINE - 1, schedule('s1', '* * * * *'));
    expect(decideAll(plan, NINE)).toHaveLength(1);
    expect(decideAll(plan, NINE + MINUTE - 1)).toHaveLength(0);
  });

  test('does not belong to a schedule that was made after it', () => {
    const plan = planOf(NINE + 1, schedule('s1', '0 9 * * *'));
    expect(decideAll(plan, NINE + HOUR)).toEqual([]);
  });

  test('has an execution id that its facts alone make', () => {
    const ids = [1, 2].map(() => decideAll(planOf(NINE - 1, schedule('s1', '0 9 * * *')), NINE));
    expect(ids[0]?.[0]?.executionId).toBe(ids[1]?.[0]?.executionId);
    expect(ids[0]?.[0]?.executionId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('after an outage', () => {
  test('a gap of seconds misses nothing', () => {
    const plan = planOf(NINE - 1, schedule('s1', '*/10 * * * * *'));
    const slots = decideAll(plan, NINE + 50_000);
    expect(slots.map(told)).toEqual([
      's1 09:00:00 fired due',
      's1 09:00:10 fired due',
      's1 09:00:20 fired due',
      's1 09:00:30 fired due',
      's1 09:00:40 fired due',
      's1 09:00:50 fired due',
    ]);
  });

  test('only the latest of the late slots is caught up, and the others are recorded as missed', () => {
    const plan = planOf(NINE - 1, schedule('s1', '0 * * * *'));
    expect(decideAll(plan, NINE + 3 * HOUR + 10 * MINUTE).map(told)).toEqual([
      's1 09:00:00 missed later_slot',
      's1 10:00:00 missed later_slot',
      's1 11:00:00 missed later_slot',
      's1 12:00:00 fired catch_up',
    ]);
  });

  test('a slot on time stands for the late ones before it', () => {
    const plan = planOf(NINE - 1, schedule('s1', '0 * * * *'));
    expect(decideAll(plan, NINE + HOUR + 5_000).map(told)).toEqual([
      's1 09:00:00 missed later_slot',
      's1 10:00:00 fired due',
    ]);
  });

  test('a slot older than the catch-up window is missed', () => {
    const plan = planOf(NINE - 1, schedule('s1', '0 9 23 * *'));
    expect(decideAll(plan, NINE + 25 * HOUR).map(told)).toEqual(['s1 09:00:00 missed too_late']);
  });
});

describe('while its task is paused', () => {
  test('a slot is skipped, and after the resume it fires again', () => {
    const plan = planOf(NINE - 1, schedule('s1', '* * * * *'));
    plan.apply('default', 't1', create(t.TaskPausedSchema), NINE + 30_000);
    plan.apply('default', 't1', create(t.TaskResumedSchema), NINE + 90_000);
    expect(decideAll(plan, NINE + 2 * MINUTE).map(told)).toEqual([
      's1 09:00:00 fired catch_up',
      's1 09:01:00 skipped task_paused',
      's1 09:02:00 fired due',
    ]);
  });
});

describe('a change of the schedule', () => {
  test('owns only the instants after it was made', () => {
    const plan = planOf(NINE - 1, schedule('s1', '0 * * * *'));
    const changed = schedule('s1', '30 * * * *', { revision: 2 });
    plan.apply(
      'default',
      't1',
      create(t.ScheduleChangedSchema, { schedule: changed }),
      NINE + MINUTE,
    );
    const slots = decideAll(plan, NINE + 30 * MINUTE);
    expect(slots.map((slot) => `${slot.local.slice(11)} r${slot.scheduleRevision}`)).toEqual([
      '09:00:00 r1',
      '09:30:00 r2',
    ]);
  });

  test('a removed schedule, and one of a deleted task, ring no more', () => {
    const plan = planOf(NINE - 1, schedule('s1', '* * * * *'), schedule('s2', '* * * * *'));
    plan.apply('default', 't1', create(t.ScheduleRemovedSchema, { scheduleId: 's1' }), NINE - 1);
    expect(decideAll(plan, NINE).map(told)).toEqual(['s2 09:00:00 fired due']);
    plan.apply('default', 't1', create(t.TaskDeletedSchema), NINE + 1);
    expect(decideAll(plan, NINE + HOUR)).toEqual([]);
    expect(plan.schedules).toBe(0);
  });
});

describe('every enabled schedule', () => {
  test('has a next instant, and a disabled one has none', () => {
    const off = schedule('off', '@daily', { enabled: false });
    const plan = planOf(NINE - 1, schedule('s1', '* * * * *'), off);
    expect([...plan.nextInstants()]).toEqual([{ scheduleId: 's1', nextMs: NINE }]);
    decideAll(plan, NINE + MINUTE);
    expect([...plan.nextInstants()]).toEqual([{ scheduleId: 's1', nextMs: NINE + 2 * MINUTE }]);
  });
});

describe('laws', () => {
  const crons = [
    '* * * * * *',
    '*/7 * * * * *',
    '* * * * *',
    '*/5 * * * *',
    '0 * * * *',
    '0 9 * * *',
  ];
  const arbitraryPlan = fc.array(
    fc.record({
      cron: fc.constantFrom(...crons),
      zone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata'),
      sinceMs: fc.integer({ min: -300_000, max: 300_000 }),
    }),
    { minLength: 1, maxLength: 6 },
  );
  type Arbitrary = { cron: string; zone: string; sinceMs: number };

  const build = (schedules: readonly Arbitrary[], watermark?: Watermark): TickPlan => {
    const plan = new TickPlan(watermark);
    schedules.forEach(({ cron, zone, sinceMs }, i) => {
      const event = create(t.TaskCreatedSchema, {
        taskId: `t${i}`,
        schedules: [schedule(`s${i}`, cron, { zone })],
        enabled: true,
      });
      plan.apply('default', `t${i}`, event, NINE + sinceMs);
    });
    return plan;
  };

  test('every slot is decided once, in order, however the decision is cut into commits', () => {
    fc.assert(
      fc.property(arbitraryPlan, fc.integer({ min: 1, max: 50 }), (schedules, limit) => {
        const horizon = NINE + 400_000;
        const whole = decideAll(build(schedules), horizon);
        const cut = decideAll(build(schedules), horizon, limit);
        expect(cut).toEqual(whole);
        const keys = whole.map((slot) => `${slot.scheduleId} ${slot.dueAtMs}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (let i = 1; i < whole.length; i++)
          expect(whole[i]?.dueAtMs).toBeGreaterThanOrEqual(whole[i - 1]?.dueAtMs as number);
      }),
      { numRuns: 60, seed: 20261123 },
    );
  });

  test('a leader that begins at any commit of another decides what that one would have', () => {
    fc.assert(
      fc.property(arbitraryPlan, fc.integer({ min: 1, max: 20 }), (schedules, limit) => {
        const horizon = NINE + 400_000;
        const first = build(schedules);
        const decision = decideTick(first, horizon, limit);
        if (decision === undefined) return;
        first.advance(decision.to);
        const next = build(schedules, decision.to);
        expect(decideAll(next, horizon)).toEqual(decideAll(first, horizon));
      }),
      { numRuns: 60, seed: 20261123 },
    );
  });
});
