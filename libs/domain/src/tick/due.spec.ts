import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { create, task as t } from '#libs/contracts';
import { nextSlot, slotsBetween } from '#libs/cron';
import { dueInOrder } from './due.js';
import { compareKeys } from './group.js';
import { TickPlan, type Watermark } from './plan.js';
import { decideTick } from './tick.js';

const NINE = Date.parse('2026-11-23T09:00:00Z');
const MINUTE = 60_000;

interface Given {
  readonly cron: string;
  readonly zone: string;
  readonly madeAtMs: number;
  /** 0: for ever. */
  readonly untilMs: number;
}

function define(plan: TickPlan, place: number, { cron, zone, madeAtMs, untilMs }: Given): void {
  const schedule = { id: `s${place}`, revision: 1, cron, zone, enabled: true, untilMs };
  const taskId = `t${String(place).padStart(2, '0')}`;
  const event = create(t.TaskCreatedSchema, { taskId, schedules: [schedule], enabled: true });
  plan.apply('default', taskId, event, madeAtMs);
}

function told(plan: TickPlan, horizonMs: number): string[] {
  return [...dueInOrder(plan, horizonMs)].map(
    ({ member, slot }) => `${slot.dueAtMs} ${member.key}`,
  );
}

const arbitrary = fc.array(
  fc.record({
    cron: fc.constantFrom('* * * * * *', '*/7 * * * * *', '* * * * *', '0 * * * *', '5 9 * * *'),
    zone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata'),
    madeAtMs: fc.integer({ min: NINE - 300_000, max: NINE + 300_000 }),
    untilMs: fc.constantFrom(0, NINE - 1, NINE + 60_000, NINE + 200_000),
  }),
  { minLength: 1, maxLength: 8 },
);

describe('the open slots in order', () => {
  test('are those that each schedule by itself would name', () => {
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: -100, max: 400 }), (schedules, seconds) => {
        const watermark: Watermark = { dueAtMs: NINE + seconds * 1_000, key: 't03/s3' };
        const horizonMs = NINE + 330_000;
        const plan = new TickPlan(watermark);
        schedules.forEach((schedule, place) => {
          define(plan, place, schedule);
        });
        const expected = schedules.flatMap(({ cron, zone, madeAtMs, untilMs }, place) => {
          const key = `t0${place}/s${place}`;
          const timing = { kind: 'cron', expression: cron, zone, dst: 'vixie' } as const;
          return slotsBetween(timing, madeAtMs, untilMs || horizonMs, 10_000)
            .slots.filter(({ dueAtMs }) => dueAtMs <= horizonMs)
            .filter(
              ({ dueAtMs }) =>
                dueAtMs > watermark.dueAtMs ||
                (dueAtMs === watermark.dueAtMs && key > watermark.key),
            )
            .map(({ dueAtMs }) => ({ dueAtMs, key }));
        });
        expected.sort((a, b) => a.dueAtMs - b.dueAtMs || compareKeys(a.key, b.key));
        expect(told(plan, horizonMs)).toEqual(
          expected.map(({ dueAtMs, key }) => `${dueAtMs} ${key}`),
        );
      }),
      { numRuns: 200, seed: 20261123 },
    );
  });

  test('are looked for no further than they are asked for', () => {
    const plan = new TickPlan();
    define(plan, 1, { cron: '* * * * * *', zone: 'UTC', madeAtMs: NINE, untilMs: 0 });
    const anHourLater = NINE + 60 * MINUTE;
    const open = dueInOrder(plan, anHourLater);
    expect(open.next().value?.slot.dueAtMs).toBe(NINE + 1_000);
    const week = decideTick(plan, NINE + 7 * 24 * 60 * MINUTE, 5);
    expect(week?.slots).toHaveLength(5);
    expect(week?.to).toEqual({ dueAtMs: NINE + 5_000, key: 't01/s1' });
  });

  test('of a schedule that was made long after its group are found without asking every instant', () => {
    const plan = new TickPlan();
    const everySecond = { cron: '* * * * * *', zone: 'UTC' };
    define(plan, 1, { ...everySecond, madeAtMs: 0, untilMs: 1_000 });
    define(plan, 2, { ...everySecond, madeAtMs: NINE, untilMs: 0 });
    expect(told(plan, NINE + 2_000)).toEqual([
      '1000 t01/s1',
      `${NINE + 1_000} t02/s2`,
      `${NINE + 2_000} t02/s2`,
    ]);
  });
});

describe('an instant that nobody owes', () => {
  const everyMinute = { cron: '* * * * *', zone: 'UTC', madeAtMs: NINE };

  test('is not waited for, once it was passed over', () => {
    const plan = new TickPlan();
    define(plan, 1, { ...everyMinute, untilMs: NINE + MINUTE });
    plan.advance({ dueAtMs: NINE + MINUTE, key: '' });
    const nowMs = NINE + 5 * MINUTE + 1;
    expect(decideTick(plan, nowMs)).toBeUndefined();
    plan.passOver(nowMs);
    expect(plan.nextDueMs()).toBe(NINE + 6 * MINUTE);
    expect([...plan.nextInstants()]).toMatchObject([{ nextMs: NINE + 6 * MINUTE }]);
  });

  test('leaves no trace when the last schedule of its kind is removed', () => {
    const plan = new TickPlan();
    define(plan, 1, { ...everyMinute, untilMs: 0 });
    plan.apply('default', 't01', create(t.TaskDeletedSchema), NINE + 1);
    plan.passOver(NINE + 5 * MINUTE);
    expect(plan.nextDueMs()).toBeUndefined();
  });

  test('is owed again by a schedule that is made later', () => {
    const plan = new TickPlan();
    define(plan, 1, { ...everyMinute, untilMs: NINE - 1 });
    plan.passOver(NINE + 10 * MINUTE);
    define(plan, 2, { ...everyMinute, madeAtMs: NINE + 2 * MINUTE, untilMs: 0 });
    const timing = { kind: 'cron', expression: '* * * * *', zone: 'UTC', dst: 'vixie' } as const;
    const first = nextSlot(timing, NINE + 2 * MINUTE)?.dueAtMs;
    expect(told(plan, NINE + 3 * MINUTE)).toEqual([`${first} t02/s2`]);
  });
});
