/**
 * Laws that hold for every zone, expression and policy, and three witnesses: a scan of every minute
 * around a change of the clock (the policies by their definition), croner, and cron-parser in UTC.
 */
import { describe, expect, test } from '@jest/globals';
import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';
import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { formatLocal } from './calendar.js';
import { compileCron, valuesOf } from './compile.js';
import { nextSlot } from './next-slot.js';
import { slotsBetween } from './slots-between.js';
import { type CronTiming, type DstPolicy, dstPolicies, type Slot } from './timing.js';
import { offsetAt, zoneOf } from './zone.js';

const zones = Intl.supportedValuesOf('timeZone');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Instants of the changes of a zone in some years. */
function changes(zone: string, fromYear: number, toYear: number): number[] {
  const known = zoneOf(zone, Date.UTC(fromYear, 0, 1) / 1000);
  const first = known.segmentAt(Date.UTC(fromYear, 0, 1) / 1000) + 1;
  const last = known.segmentAt(Date.UTC(toYear, 0, 1) / 1000);
  return known.segments.startS.slice(first, last + 1).map((second) => second * 1000);
}

const changing = zones.filter((zone) => changes(zone, 2025, 2028).length > 0);

const timing = (expression: string, zone: string, dst: DstPolicy): CronTiming => ({
  kind: 'cron',
  expression,
  zone,
  dst,
});

const list = (min: number, max: number) =>
  fc
    .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 })
    .map((values) => values.sort((a, b) => a - b).join(','));
const orStar = (field: fc.Arbitrary<string>) => fc.oneof(fc.constant('*'), field);
const step = (...steps: number[]) => fc.constantFrom(...steps).map((n) => `*/${n}`);

const minuteField = fc.oneof(
  list(0, 59),
  fc.constant('*'),
  step(5, 7, 15, 20, 30),
  fc.constant('10-50'),
);
const hourField = fc.oneof(
  list(0, 5),
  list(0, 23),
  fc.constant('*'),
  step(2, 3, 5),
  fc.constant('0-6'),
);
const weekdayField = fc.oneof(list(0, 6), fc.constantFrom('1-5', 'SAT-SUN', '5#L', '1#2', '0#1'));
const monthDayField = fc.oneof(list(1, 31), fc.constantFrom('L', '15W', '1W', 'LW', '1-7'));
const dayFields = fc.oneof(
  fc.constant('* * *'),
  monthDayField.map((day) => `${day} * *`),
  weekdayField.map((weekday) => `* * ${weekday}`),
  fc.tuple(monthDayField, weekdayField).map(([day, weekday]) => `${day} * ${weekday}`),
  fc.tuple(monthDayField, weekdayField).map(([day, weekday]) => `${day} * +${weekday}`),
  list(1, 12).map((month) => `* ${month} *`),
);
const expressions = fc
  .tuple(minuteField, hourField, dayFields)
  .map(([minute, hour, days]) => `${minute} ${hour} ${days}`);
const withSeconds = fc
  .tuple(orStar(list(0, 59)), list(0, 59), hourField)
  .map(([second, minute, hour]) => `${second} ${minute} ${hour} * * *`);

/** An instant within a day of a change of some zone. */
const nearChange = fc
  .tuple(fc.constantFrom(...changing), fc.nat(), fc.integer({ min: -DAY_MS, max: DAY_MS }))
  .map(([zone, pick, distance]) => {
    const all = changes(zone, 2024, 2030);
    return { zone, at: all[pick % all.length] + distance };
  });
const policies = fc.constantFrom(...dstPolicies);

function slotsFrom(of: CronTiming, from: number, count: number): Slot[] {
  const slots: Slot[] = [];
  for (let after = from; slots.length < count; after = slots[slots.length - 1].dueAtMs) {
    const slot = nextSlot(of, after);
    if (!slot) break;
    slots.push(slot);
  }
  return slots;
}

describe('the laws of slots', () => {
  test('they rise strictly, keep one identity each, and asking anew agrees with iterating', () => {
    fc.assert(
      fc.property(
        nearChange,
        fc.oneof(expressions, withSeconds),
        policies,
        fc.nat(),
        ({ zone, at }, expression, dst, somewhere) => {
          const of = timing(expression, zone, dst);
          const slots = slotsFrom(of, at, 40);
          let before = at;
          for (const slot of slots) {
            expect(slot.dueAtMs).toBeGreaterThan(before);
            const between = before + (somewhere % (slot.dueAtMs - before));
            expect(nextSlot(of, between)).toEqual(slot);
            before = slot.dueAtMs;
          }
          expect(new Set(slots.map(({ local, pass }) => `${local}/${pass}`)).size).toBe(
            slots.length,
          );
          expect(slotsBetween(of, at, before, 100).slots).toEqual(slots);
        },
      ),
      { numRuns: 250 },
    );
  });

  test('a slot that is not folded from a gap is what the clock shows', () => {
    fc.assert(
      fc.property(nearChange, expressions, policies, ({ zone, at }, expression, dst) => {
        for (const slot of slotsFrom(timing(expression, zone, dst), at, 10)) {
          const shown = formatLocal(slot.dueAtMs / 1000 + offsetAt(zone, slot.dueAtMs) * 60);
          if (shown !== slot.local) {
            expect(dst).toBe('vixie');
            expect(offsetAt(zone, slot.dueAtMs)).toBeGreaterThan(offsetAt(zone, slot.dueAtMs - 1));
            expect(slot.local < shown).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a limit truncates and says so', () => {
    const of = timing('* * * * *', 'UTC', 'vixie');
    const day = slotsBetween(of, 0, DAY_MS, 1440);
    expect([day.slots.length, day.truncated]).toEqual([1440, false]);
    expect(slotsBetween(of, 0, DAY_MS, 1439).truncated).toBe(true);
    expect(slotsBetween(of, 0, DAY_MS, 0)).toEqual({ slots: [], truncated: true });
  });
});

/** Longer than any overlap of the years scanned. */
const LOOK_BACK_MS = 4 * HOUR_MS;

/** Every policy by its definition, found by looking at each minute of a window. */
function scan(of: CronTiming, from: number, to: number): number[] {
  const zone = IANAZone.create(of.zone);
  const { parsed } = compileCron(of.expression);
  const minutes = new Set(valuesOf(parsed.fields.minute));
  const hours = new Set(valuesOf(parsed.fields.hour));
  const matches = (local: number) =>
    minutes.has((local / 60_000) % 60) && hours.has(Math.floor(local / HOUR_MS) % 24);
  const firstPassOnly = of.dst === 'skip' || (of.dst === 'vixie' && !parsed.wild);
  const shown = new Set<number>();
  const due = new Set<number>();
  const start = from - LOOK_BACK_MS;
  let previous = start + zone.offset(start) * 60_000 - 60_000;
  for (let at = start; at <= to; at += 60_000) {
    const local = at + zone.offset(at) * 60_000;
    const gap = local - previous - 60_000;
    if (of.dst === 'vixie' && !parsed.wild && gap > 0 && gap <= 3 * HOUR_MS)
      for (let lost = previous + 60_000; lost < local; lost += 60_000)
        if (matches(lost)) due.add(at);
    if (matches(local) && !(firstPassOnly && shown.has(local))) due.add(at);
    shown.add(local);
    previous = local;
  }
  return [...due].filter((at) => at > from).sort((a, b) => a - b);
}

describe('witnesses', () => {
  test('in every zone that changes, each policy gives what a scan of the minutes gives', () => {
    const samples = [
      '30 2 * * *',
      '*/15 * * * *',
      '0,20,40 0-3 * * *',
      '15 */2 * * *',
      '0 23,0 * * *',
    ];
    let turn = 0;
    for (const zone of changing)
      for (const change of changes(zone, 2026, 2027))
        for (const dst of dstPolicies) {
          const of = timing(samples[turn++ % samples.length], zone, dst);
          const from = change - 4 * HOUR_MS;
          const to = change + 4 * HOUR_MS;
          const found = slotsBetween(of, from, to, 1000).slots.map((slot) => slot.dueAtMs);
          expect({ of, at: change, found }).toEqual({ of, at: change, found: scan(of, from, to) });
        }
    expect(turn).toBeGreaterThan(700);
  });

  test('offsets agree with luxon in every zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) }),
        (zone, at) => {
          // Luxon rounds the odd seconds of local mean time.
          expect(Math.abs(offsetAt(zone, at) - IANAZone.create(zone).offset(at))).toBeLessThan(1);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('croner with the rule of Vixie agrees around the changes of every zone', () => {
    fc.assert(
      fc.property(nearChange, expressions, ({ zone, at }, expression) => {
        const job = new Cron(expression, {
          timezone: zone,
          mode: '5-or-6-parts',
          fixedTimeRule: 'no-wildcard',
          paused: true,
        });
        const theirs = job.nextRuns(5, new Date(at)).map((date) => date.getTime());
        job.stop();
        const ours = slotsFrom(timing(expression, zone, 'vixie'), at, theirs.length);
        expect(ours.map((slot) => slot.dueAtMs)).toEqual(theirs);
      }),
      { numRuns: 150 },
    );
  });

  test('cron-parser agrees in UTC', () => {
    const plainDays = fc.oneof(
      fc.tuple(list(1, 28), list(1, 12)).map(([day, month]) => `${day} ${month} *`),
      fc.tuple(orStar(list(1, 12)), list(0, 6)).map(([month, day]) => `* ${month} ${day}`),
      fc.tuple(list(1, 28), list(0, 6)).map(([day, weekday]) => `${day} * ${weekday}`),
    );
    fc.assert(
      fc.property(
        fc.tuple(minuteField, hourField, plainDays),
        fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2090, 0, 1) }),
        ([minute, hour, days], at) => {
          const expression = `${minute} ${hour} ${days}`;
          const theirs = CronExpressionParser.parse(expression, { tz: 'UTC', currentDate: at });
          const slots = slotsFrom(timing(expression, 'UTC', 'vixie'), at, 5);
          for (const slot of slots) expect(slot.dueAtMs).toBe(theirs.next().getTime());
        },
      ),
      { numRuns: 300 },
    );
  });
});
