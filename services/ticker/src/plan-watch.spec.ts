import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { ManualClock } from '#libs/clock';
import { create, task as t } from '#libs/contracts';
import { TickPlan } from '#libs/domain';
import { PlanWatch, SCHEDULES_PER_LOOK } from './plan-watch.js';

const NINE = Date.parse('2026-11-23T09:00:00Z');
const SECOND = 1_000;

function watched(schedules: number) {
  const clock = new ManualClock(NINE);
  const plan = new TickPlan();
  for (let place = 0; place < schedules; place++) {
    const schedule = {
      id: `s${place}`,
      revision: 1,
      cron: '* * * * *',
      zone: 'UTC',
      enabled: true,
    };
    const event = create(t.TaskCreatedSchema, {
      taskId: `t${place}`,
      schedules: [schedule],
      enabled: true,
    });
    plan.apply('default', `t${place}`, event, NINE - 1);
  }
  const rounds: number[] = [];
  const watch = new PlanWatch(plan, {
    shard: 0,
    clock,
    logger: pino({ level: 'silent' }),
    metrics: { unplanned: (_, count) => rounds.push(count) },
  });
  const look = async (nowMs: number, looks = 1) => {
    for (let i = 0; i < looks; i++) {
      await clock.advance(SECOND);
      watch.look(nowMs);
    }
    return rounds;
  };
  return { plan, look };
}

describe('the watch over the plan', () => {
  test('finds nothing while the plan is kept, and counts what was forgotten when it is not', async () => {
    const { plan, look } = watched(3);
    expect(await look(NINE + 5 * SECOND)).toEqual([0]);
    expect(await look(NINE + 11 * SECOND)).toEqual([0, 3]);
    plan.advance({ dueAtMs: NINE + 11 * SECOND, key: '' });
    expect(await look(NINE + 11 * SECOND)).toEqual([0, 3, 0]);
  });

  test('looks at a part of a great plan at a time, and counts over the whole round', async () => {
    const { look } = watched(2 * SCHEDULES_PER_LOOK + 1);
    expect(await look(NINE + 11 * SECOND, 2)).toEqual([]);
    expect(await look(NINE + 11 * SECOND)).toEqual([2 * SCHEDULES_PER_LOOK + 1]);
  });
});
