import { describe, expect, test } from '@jest/globals';
import { type Slot, type Timing } from '#libs/cron';
import { BACKFILL_SLOTS } from '../limits.js';
import { planBackfill, slotsInRange } from './plan-backfill.js';

const NOW = Date.UTC(2026, 2, 10);
const DAILY: Timing = { kind: 'cron', expression: '0 9 * * *', zone: 'UTC', dst: 'vixie' };
const day = (date: number) => new Date(Date.UTC(2026, 2, date, 9)).toISOString();
const range = (from: string, to: string, timing: Timing = DAILY) =>
  slotsInRange(timing, { from, to }, NOW);
const slotsOf = (told: ReturnType<typeof range>) => ('slots' in told ? told.slots : []);
const dates = (slots: readonly Slot[]) => slots.map(({ local }) => Number(local.slice(8, 10)));

describe('the range', () => {
  test('has its beginning, and not its end', () => {
    expect(dates(slotsOf(range(day(2), day(5))))).toEqual([2, 3, 4]);
  });

  test.each([
    ['ends in the future', day(2), day(20), 'in-future'],
    ['ends before it begins', day(5), day(2), 'bad-range'],
  ])('that %s is refused', (_name, from, to, code) => {
    expect(range(from, to)).toMatchObject({ fault: { path: '/to', code } });
  });

  test('of far too many slots says where to end it', () => {
    const often: Timing = { kind: 'every', everyMs: 1_000, anchorMs: 0, zone: 'UTC' };
    expect(range(day(2), day(9), often)).toMatchObject({
      fault: { code: 'too-many-slots', remedy: expect.stringContaining('2026-03-02T10:23:19') },
    });
  });
});

describe('of the slots in range', () => {
  const inRange = slotsOf(range(day(2), day(7)));
  const at = (date: number) => Date.parse(day(date));
  const runs = [
    { dueAtMs: at(2), status: 'success' },
    { dueAtMs: at(3), status: 'failed' },
    { dueAtMs: at(4), status: 'failed' },
    { dueAtMs: at(4), status: 'success' },
    { dueAtMs: at(5), status: 'running' },
  ];
  const planned = (how: Parameters<typeof planBackfill>[2]) => {
    const plan = planBackfill(inRange, runs, how);
    return 'slots' in plan ? dates(plan.slots) : plan.fault;
  };

  test('those run that never did', () => {
    expect(planned({})).toEqual([6]);
    expect(planBackfill(inRange, runs, {})).toMatchObject({ leftOut: { ran: 4 } });
  });

  test('those, too, whose last run did not succeed; an open one is left alone', () => {
    expect(planned({ reprocess: 'failed' })).toEqual([3, 6]);
  });

  test('or every one, the latest first', () => {
    expect(planned({ reprocess: 'all', order: 'backward' })).toEqual([6, 5, 4, 3, 2]);
  });

  test('those are left out, and counted by why, that would not have fired', () => {
    const whyNot = ({ dueAtMs }: Slot) => (dueAtMs > at(4) ? ('calendar' as const) : undefined);
    const plan = planBackfill(inRange, runs, {}, whyNot);
    // What ran is counted as that, whatever else there is to say of it.
    expect(plan).toMatchObject({ slots: [], leftOut: { ran: 4, calendar: 1, paused: 0 } });
  });

  test('no more than fit into one backfill', () => {
    const many = Array.from({ length: BACKFILL_SLOTS + 1 }, (_, index): Slot => {
      return { local: `${index}`, pass: 0, dueAtMs: index * 60_000 };
    });
    expect(planBackfill(many, [], {})).toMatchObject({ fault: { code: 'too-many-slots' } });
  });
});
