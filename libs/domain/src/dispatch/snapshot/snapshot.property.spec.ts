import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PrivateParts } from '#libs/testing';
import { anySteps, newJournal, type Step } from '../../testing/any-history.js';
import { Definitions } from '../definitions.js';
import type { DispatchState } from '../state.js';
import {
  type Entry,
  foldEntry,
  folded,
  type JournalUnderTest,
} from '../testing/journal-under-test.js';
import { readSnapshot, takeSnapshot, writeSnapshot } from './snapshot.js';

const STEPS = 80;

/**
 * What a snapshot does not bring back. A field that is named here is a cache, which a decision fills again
 * and which can not change one, or it belongs to somebody else.
 */
const LEFT_OUT = {
  // Folded from a stream of their own, and handed in.
  DispatchState: ['definitions', 'limitKeys'],
  // Who is parked where: found out anew by the next decision.
  Line: ['#parked', '#turns', '#words', '#fits'],
  Usage: ['room', 'pace'],
  AccountQueue: ['parkedOn'],
  Lane: ['version', 'parkedOn', '#standsFor', '#tickets'],
  Band: ['ready'],
  // Entries that no longer hold are passed over; those that do are in the map beside it.
  DueIndex: ['#heap'],
};
/** Looked up, and never walked through where the order shows. */
const UNORDERED = ['openOf', '#atMs', '#ofExecution', '#counts'];

const parts = new PrivateParts({ leftOut: LEFT_OUT, unordered: UNORDERED });
afterAll(() => parts.close());

function played(steps: readonly Step[]): JournalUnderTest {
  const shard = newJournal();
  for (const one of steps) one(shard);
  return shard;
}

/** Folds what comes before the cut, by way of a snapshot, and then the rest. */
function throughSnapshot(entries: readonly Entry[], cut: number, shard: JournalUnderTest) {
  const before = folded(entries.slice(0, cut));
  const bytes = writeSnapshot(before, shard.snapshotHead);
  const definitions = new Definitions();
  for (const entry of entries.slice(0, cut))
    if (!(entry instanceof Uint8Array)) {
      const { account, id, event, seq, atMs } = entry;
      definitions.define(account, id, event, seq, atMs);
    }
  const { state } = readSnapshot(bytes, definitions);
  for (const entry of entries.slice(cut)) foldEntry(state, entry);
  return state;
}

const history = fc.record({
  steps: anySteps(STEPS),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
});

test('what is compared are the private fields too', () => {
  class Keeper {
    readonly #kept = new Map([['a', new Set([1])]]);
    get size() {
      return this.#kept.size;
    }
  }
  expect(parts.of(new Keeper())).toEqual({
    kind: 'Keeper',
    '#kept': { map: [['a', { set: [1] }]] },
  });
});

describe('whatever happened to a shard, and wherever it is cut', () => {
  test('a state that went through a snapshot holds all that the fold of the whole journal does', () => {
    fc.assert(
      fc.property(history, ({ steps, at }) => {
        const shard = played(steps);
        const { entries } = shard;
        const restored = throughSnapshot(entries, Math.round(at * entries.length), shard);
        expect(parts.of(restored)).toEqual(parts.of(folded(entries)));
      }),
      { seed: 11, numRuns: 25 },
    );
  });

  test('what is decided next is the same, byte for byte', () => {
    fc.assert(
      fc.property(history, anySteps(30), ({ steps, at }, next) => {
        const shard = played(steps);
        const { entries } = shard;
        const cut = Math.round(at * entries.length);
        const goOn = (state: DispatchState) => {
          const on = shard.over(state);
          for (const one of next) one(on);
          return on.commits.map((bytes) => Buffer.from(bytes).toString('hex'));
        };
        const decided = goOn(folded(entries));
        expect(goOn(throughSnapshot(entries, cut, shard))).toEqual(decided);
      }),
      { seed: 12, numRuns: 80 },
    );
  });

  test('the owner of a shard, who decided, takes the same as one who only folded', () => {
    fc.assert(
      fc.property(anySteps(STEPS), (steps) => {
        const shard = played(steps);
        const before = shard.commits.length;
        // The state of an owner is ahead of the journal while nothing comes of what it was told.
        shard.slot('ada', 'web', 0);
        fc.pre(shard.commits.length > before);
        const bytes = writeSnapshot(shard.state, shard.snapshotHead);
        const { definitions } = shard.state;
        const { state } = readSnapshot(bytes, definitions);
        expect(parts.of(state)).toEqual(parts.of(folded(shard.entries)));
      }),
      { seed: 13, numRuns: 25 },
    );
  });

  test('what happens while it is written does not get into it', () => {
    fc.assert(
      fc.property(anySteps(40), anySteps(20), (steps, meanwhile) => {
        const shard = played(steps);
        const whole = Buffer.from(writeSnapshot(shard.state, shard.snapshotHead));
        const taken = takeSnapshot(shard.state, shard.snapshotHead);
        for (const one of meanwhile) one(shard);
        expect(Buffer.concat([...taken]).equals(whole)).toBe(true);
      }),
      { seed: 14, numRuns: 40 },
    );
  });

  test('a snapshot of what was read from one has the same bytes', () => {
    fc.assert(
      fc.property(anySteps(40), (steps) => {
        const { state, snapshotHead } = played(steps);
        const bytes = writeSnapshot(state, snapshotHead);
        const read = readSnapshot(bytes, new Definitions());
        expect(read.head).toEqual(snapshotHead);
        expect(Buffer.from(writeSnapshot(read.state, read.head)).equals(bytes)).toBe(true);
      }),
      { seed: 15, numRuns: 40 },
    );
  });
});
