import { describe, expect, test } from '@jest/globals';
import { create, task as t, tick } from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import { checkSlots, type SlotReport } from './check-slots.js';
import type { FindingCode } from './finding.js';
import {
  created,
  type DefinedEvent,
  faultless,
  type LooseTick,
  putTogether,
  schedule,
  takenApart,
} from './testing/history.js';

const MINUTE_MS = 60_000;
/** Berlin's clock goes back at 01:00 UTC. */
const START_MS = Date.parse('2026-10-25T00:40:00Z');
const MINUTES = 60;
const END_MS = START_MS + MINUTES * MINUTE_MS;

const zone = 'Europe/Berlin';
const at = (minute: number) => START_MS + minute * MINUTE_MS;
const define = (minute: number, taskId: string, event: DefinedEvent['event']): DefinedEvent => ({
  atMs: at(minute) + 1,
  taskId,
  event,
});

/** An hour over the end of summer time: every minute, fixed times, a pause, an edit, two leaders. */
const log = faultless({
  definitions: [
    define(-2, 't1', created('t1', [schedule('s1', '*/5 * * * *', { zone })])),
    define(-2, 't2', created('t2', [schedule('s2', '50 2 * * *', { zone })])),
    define(-1, 't3', created('t3', [schedule('s3', '* * * * *')])),
    define(20, 't3', create(t.TaskPausedSchema, {})),
    define(30, 't3', create(t.TaskResumedSchema, {})),
    define(
      40,
      't1',
      create(t.ScheduleChangedSchema, {
        schedule: schedule('s1', '*/7 * * * *', { zone, revision: 2 }),
      }),
    ),
    define(50, 't3', create(t.TaskDeletedSchema, {})),
  ],
  looks: Array.from({ length: MINUTES + 1 }, (_, minute) => ({
    atMs: at(minute) + 5,
    term: minute < 25 ? 1 : 2,
  })),
});

function check(ticks: readonly StoredCommit[]): SlotReport {
  return checkSlots({ ...log, ticks }, { shards: 1, untilMs: END_MS });
}

test('finds nothing wrong in the log of a faultless hour', () => {
  const report = check(log.ticks);
  expect(report.findings).toEqual([]);
  // 51 minutes of t3, of which ten paused; 02:50 in its first pass alone; t1 each 5, then each 7 minutes.
  expect(report).toMatchObject({ slots: 51 + 1 + 9 + 3, missed: 0, skipped: 10, terms: 2 });
});

test('takes the clocks of the services as they are set', () => {
  const offset = checkSlots(log, { shards: 1, clockOffsetMs: -10_000 });
  expect(offset.findings[0]).toMatchObject({ code: 'slot-early' });
  const known = { shards: 1, clockOffsetMs: -10_000, earlyToleranceMs: 10_000 };
  expect(checkSlots(log, known).findings).toEqual([]);
});

test('a gap in which nobody led is caught up, and what was missed is counted and no finding', () => {
  const late = faultless({
    definitions: [define(-1, 't1', created('t1', [schedule('s1', '* * * * *')]))],
    looks: [0, 30].map((minute) => ({ atMs: at(minute) + 5, term: 1 })),
  });
  const report = checkSlots(late, { shards: 1, untilMs: at(30) });
  expect(report).toMatchObject({ slots: 31, missed: 29, fired: 2, found: 0 });
});

/** A way to spoil a log at a place; undefined where it can't be spoilt so. */
type Mutator = (ticks: LooseTick[], place: number) => LooseTick[] | undefined;

const withSlot =
  (spoil: (slot: tick.Slot, one: LooseTick, next: LooseTick | undefined) => boolean): Mutator =>
  (ticks, place) => {
    const one = ticks[place] as LooseTick;
    const slot = one.slots.at(-1);
    return slot && spoil(slot, one, ticks[place + 1]) ? ticks : undefined;
  };
const isFired = (slot: tick.Slot) => slot.outcome === tick.SlotOutcome.FIRED;

const forgeries: readonly [string, FindingCode, Mutator][] = [
  [
    'a slot taken out',
    'slot-undecided',
    withSlot((_, one) => {
      one.slots.pop();
      return true;
    }),
  ],
  [
    'a commit taken out',
    'watermark',
    (ticks, place) => (place + 1 < ticks.length ? ticks.toSpliced(place, 1) : undefined),
  ],
  [
    'a commit taken out, and the watermark mended',
    'slot-undecided',
    (ticks, place) => {
      const next = ticks[place + 1];
      if (next === undefined) return undefined;
      next.from = (ticks[place] as LooseTick).from;
      return ticks.toSpliced(place, 1);
    },
  ],
  [
    'a slot that stands twice',
    'slot-twice',
    withSlot((slot, _, next) => {
      next?.slots.push(slot);
      return next !== undefined;
    }),
  ],
  [
    'two neighbours that changed places',
    'watermark',
    (ticks, place) => {
      const [one, next] = [ticks[place], ticks[place + 1]];
      if (!one || !next) return undefined;
      return ticks.toSpliced(place, 2, next, one);
    },
  ],
  [
    'a decision before its instant',
    'slot-early',
    withSlot((slot, one) => {
      one.horizonMs = slot.dueAtMs - 1;
      return true;
    }),
  ],
  [
    'a decision that was stored before its instant',
    'slot-early',
    withSlot((slot, one) => {
      one.storedAtMs = slot.dueAtMs - 1;
      return true;
    }),
  ],
  [
    'another zone',
    'slot-content',
    withSlot((slot) => {
      slot.zone = 'Europe/Paris';
      return true;
    }),
  ],
  [
    'an instant that was moved by a second',
    'slot-content',
    withSlot((slot) => {
      slot.dueAtMs -= 1_000;
      slot.effectiveAtMs = slot.dueAtMs;
      return true;
    }),
  ],
  [
    'the other pass of an hour that comes twice',
    'slot-not-due',
    withSlot((slot) => {
      slot.pass = 1 - slot.pass;
      return true;
    }),
  ],
  [
    'another execution',
    'slot-outcome',
    withSlot((slot) => {
      slot.executionId = '00000000-0000-5000-8000-000000000000';
      return true;
    }),
  ],
  ['a lost end', 'slot-undecided', (ticks, place) => ticks.slice(0, place)],
  [
    'an outcome that was edited to a missed one',
    'slot-outcome',
    withSlot((slot) => {
      if (!isFired(slot)) return false;
      Object.assign(slot, {
        outcome: tick.SlotOutcome.MISSED,
        cause: tick.SlotCause.LATER_SLOT,
        executionId: '',
      });
      return true;
    }),
  ],
  [
    'an outcome that was edited to a merged one',
    'slot-outcome',
    withSlot((slot) => {
      if (!isFired(slot)) return false;
      Object.assign(slot, {
        outcome: tick.SlotOutcome.SKIPPED,
        cause: tick.SlotCause.MERGED,
        mergedInto: 's9',
        executionId: '',
      });
      return true;
    }),
  ],
  [
    'a watermark that goes back',
    'watermark',
    (ticks, place) => {
      const one = ticks[place] as LooseTick;
      one.to = { dueAtMs: one.from.dueAtMs - 1, key: '' };
      return ticks;
    },
  ],
  [
    'a term that comes after a newer one',
    'stale-term',
    (ticks, place) => {
      if (place === 0) return undefined;
      for (const one of ticks.slice(0, place)) one.term = 7;
      return ticks;
    },
  ],
  [
    'definitions that were forgotten again',
    'definitions',
    (ticks, place) => {
      if (place === 0) return undefined;
      (ticks[place] as LooseTick).definitionsSeq = 0;
      return ticks;
    },
  ],
  [
    'a slot that nobody asked for',
    'slot-not-due',
    withSlot((slot) => {
      slot.scheduleId = 's0';
      return true;
    }),
  ],
];

const tampering: readonly [string, (ticks: StoredCommit[], place: number) => StoredCommit[]][] = [
  ['a commit that stands twice', (ticks, i) => ticks.toSpliced(i, 0, ticks[i] as StoredCommit)],
  ['a commit that is gone', (ticks, place) => ticks.toSpliced(place, 1)],
  ['a bit that fell over', (ticks, place) => ticks.with(place, flipped(ticks[place]))],
  [
    'a commit that was written anew and not chained again',
    (ticks, place) => {
      const loose = ticks.map(takenApart);
      (loose[place] as LooseTick).horizonMs += 1;
      return ticks.with(place, putTogether(loose)[place] as StoredCommit);
    },
  ],
];

function flipped(stored: StoredCommit | undefined): StoredCommit {
  const bytes = Uint8Array.from(stored?.bytes ?? []);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 4;
  return { ...(stored as StoredCommit), bytes };
}

describe('a log that was forged, and numbered and chained again', () => {
  test.each(forgeries)('%s is found at every place as %s', (_what, code, mutate) => {
    let tried = 0;
    for (const place of log.ticks.keys()) {
      const spoilt = mutate(log.ticks.map(takenApart), place);
      if (spoilt === undefined) continue;
      tried += 1;
      const { findings } = check(putTogether(spoilt));
      expect({ place, codes: findings.map((one) => one.code) }).toEqual({
        place,
        codes: expect.arrayContaining([code]),
      });
    }
    expect(tried).toBeGreaterThan(MINUTES / 3);
  });
});

describe('a log that was tampered with', () => {
  test.each(tampering)('%s is found at every place', (_what, mutate) => {
    // Of the last one nobody has the hash yet: that is what a witness is for.
    for (const place of log.ticks.slice(0, -1).keys())
      expect(check(mutate([...log.ticks], place)).found).toBeGreaterThan(0);
  });
});
