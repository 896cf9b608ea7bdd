import { describe, expect, test } from '@jest/globals';
import {
  decodeLease,
  deposes,
  encodeLease,
  LEASE_TIMES,
  type LeaseRecord,
  mayTake,
  taken,
  trustedUntil,
} from './lease.js';

const held: LeaseRecord = { holder: 'a', term: 3, resigned: false };
const view = { record: held, lastSignMs: 1_000, connected: true };

describe('a standby', () => {
  test('takes a lease that nobody has ever held, or whose holder has left', () => {
    expect(mayTake({ ...view, record: undefined }, 1_000, LEASE_TIMES)).toBe(true);
    expect(mayTake({ ...view, record: { ...held, resigned: true } }, 1_000, LEASE_TIMES)).toBe(
      true,
    );
  });

  test('waits while the leader is heard, and takes over after its silence', () => {
    expect(mayTake(view, 1_000 + LEASE_TIMES.silenceMs, LEASE_TIMES)).toBe(false);
    expect(mayTake(view, 1_001 + LEASE_TIMES.silenceMs, LEASE_TIMES)).toBe(true);
  });

  test('does nothing while it is cut off: it could hear nobody', () => {
    expect(mayTake({ ...view, connected: false }, 99_999, LEASE_TIMES)).toBe(false);
  });

  test('begins the next term', () => {
    expect(taken(undefined, 'b')).toEqual({ holder: 'b', term: 1, resigned: false });
    expect(taken(held, 'b')).toEqual({ holder: 'b', term: 4, resigned: false });
  });
});

describe('a leader', () => {
  test('believes in itself for as long as a crash of the broker may last', () => {
    expect(trustedUntil(1_000, LEASE_TIMES) - 1_000).toBeGreaterThan(9_000);
  });

  test('is deposed by a later term, and by nothing else', () => {
    expect(deposes({ ...held, term: 4, holder: 'b' }, 'a', 3)).toBe(true);
    expect(deposes(held, 'a', 3)).toBe(false);
    expect(deposes({ ...held, term: 2, holder: 'b' }, 'a', 3)).toBe(false);
    expect(deposes(undefined, 'a', 3)).toBe(false);
  });
});

test('a record survives its writing, and what is no record is none', () => {
  expect(decodeLease(encodeLease(held))).toEqual(held);
  for (const text of ['', '{}', '[]', 'null', '{"holder":1,"term":"x"}'])
    expect(decodeLease(text)).toBeUndefined();
});
