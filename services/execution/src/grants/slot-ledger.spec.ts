import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SETTLE_MS, SlotLedger } from './slot-ledger.js';

const none = () => 0;
const to = (...targets: number[]) => new Map(targets.entries());

describe('a slot that goes to another shard', () => {
  test('is taken from the first at once, and given to the second when the first had time to answer', () => {
    const ledger = new SlotLedger(10);
    ledger.move(to(10, 0), none, 0);
    expect(ledger.move(to(4, 6), none, 1_000)).toBe(true);
    expect([...ledger.granted.values()]).toEqual([4, 0]);
    expect(ledger.nextMs(1_000)).toBe(1_000 + SETTLE_MS);
    expect(ledger.move(to(4, 6), none, 1_000 + SETTLE_MS)).toBe(true);
    expect([...ledger.granted.values()]).toEqual([4, 6]);
    expect(ledger.nextMs(1_000 + SETTLE_MS)).toBeUndefined();
  });

  test('is not taken from an attempt that has it', () => {
    const ledger = new SlotLedger(10);
    ledger.move(to(10, 0), none, 0);
    const nine = (shard: number) => (shard === 0 ? 9 : 0);
    ledger.move(to(4, 6), nine, 1_000);
    ledger.move(to(4, 6), nine, 5_000);
    expect([...ledger.granted.values()]).toEqual([4, 1]);
    ledger.move(to(4, 6), none, 6_000);
    expect([...ledger.granted.values()]).toEqual([4, 6]);
  });

  test('goes back at once to whom it was taken from', () => {
    const ledger = new SlotLedger(10);
    ledger.move(to(10, 0), none, 0);
    ledger.move(to(4, 6), none, 1_000);
    ledger.move(to(10, 0), none, 1_001);
    expect([...ledger.granted.values()]).toEqual([10, 0]);
  });
});

test('never is more promised than there is, whatever is used of what was granted', () => {
  const SLOTS = 12;
  const step = fc.record({
    targets: fc.array(fc.nat(SLOTS), { minLength: 3, maxLength: 3 }),
    use: fc.array(fc.nat(SLOTS), { minLength: 3, maxLength: 3 }),
    afterMs: fc.nat(2 * SETTLE_MS),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const ledger = new SlotLedger(SLOTS);
      /** What each shard last heard of, and may use until the news reaches it. */
      const told: { slots: number; atMs: number }[][] = [[], [], []];
      const inUse = [0, 0, 0];
      let nowMs = 0;
      for (const { targets, use, afterMs } of steps) {
        nowMs += afterMs;
        // A shard uses no more than it was told within the time that it has to answer, or has already.
        for (const [shard, wish] of use.entries()) {
          const may = Math.max(
            ledger.grantedTo(shard),
            ...(told[shard] ?? [])
              .filter(({ atMs }) => nowMs < atMs + SETTLE_MS)
              .map(({ slots }) => slots),
          );
          inUse[shard] =
            wish > (inUse[shard] ?? 0) ? Math.max(inUse[shard] ?? 0, Math.min(wish, may)) : wish;
        }
        expect(inUse.reduce((all, one) => all + one)).toBeLessThanOrEqual(SLOTS);
        const total = targets.reduce((all, one) => all + one, 0);
        const fitting = targets.map((one) =>
          total > SLOTS ? Math.floor((one * SLOTS) / total) : one,
        );
        const before = [0, 1, 2].map((shard) => ledger.grantedTo(shard));
        ledger.move(to(...fitting), (shard) => inUse[shard] ?? 0, nowMs);
        for (const [shard, slots] of before.entries())
          if (ledger.grantedTo(shard) < slots) told[shard]?.push({ slots, atMs: nowMs });
      }
    }),
  );
});
