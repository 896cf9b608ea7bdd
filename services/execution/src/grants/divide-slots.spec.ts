import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { divideSlots } from './divide-slots.js';

const divided = (slots: number, ...wanted: number[]) => [
  ...divideSlots(slots, new Map(wanted.entries()), 0).values(),
];

describe('slots are divided', () => {
  test('by what is wanted, and what nobody wants is everybody’s', () => {
    expect(divided(64, 0, 0, 0, 0)).toEqual([16, 16, 16, 16]);
    expect(divided(64, 24, 0, 0, 0)).toEqual([34, 10, 10, 10]);
    expect(divided(64, 100, 0, 0, 0)).toEqual([64, 0, 0, 0]);
  });

  test('evenly where they do not suffice, and a small wish is met whole', () => {
    expect(divided(64, 1_000, 1_000, 4, 0)).toEqual([30, 30, 4, 0]);
  });

  test('in turn where there are fewer than wishes', () => {
    const wanted = new Map([1, 9, 9].entries());
    const got = [0, 1, 2].map((turn) => [...divideSlots(2, wanted, turn).values()]);
    expect(got).toEqual([
      [1, 1, 0],
      [0, 1, 1],
      [1, 0, 1],
    ]);
  });
});

test('all slots are given out, none twice, and nobody who wants more gets less', () => {
  const wishes = fc.array(fc.nat(200), { minLength: 1, maxLength: 16 });
  fc.assert(
    fc.property(fc.nat(300), wishes, fc.nat(50), (slots, wanted, turn) => {
      const granted = [...divideSlots(slots, new Map(wanted.entries()), turn).values()];
      const sum = granted.reduce((all, one) => all + one, 0);
      const wanting = wanted.filter((wish) => wish > 0).length;
      expect(sum).toBe(slots);
      if (slots < wanting) return;
      const met = wanted.map((wish, shard) => Math.min(wish, granted[shard] ?? 0));
      // Nobody is left short while another who wants no more has clearly more.
      for (const [shard, wish] of wanted.entries())
        for (const [other, otherWish] of wanted.entries())
          if ((met[shard] ?? 0) < wish && otherWish <= wish)
            expect(met[other]).toBeLessThanOrEqual((met[shard] ?? 0) + 1);
    }),
  );
});
