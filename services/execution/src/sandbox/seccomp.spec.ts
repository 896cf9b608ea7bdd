import { expect, test } from '@jest/globals';
import { seccompFilter } from './seccomp.js';

const BYTES = 8;
const JUMP_CLASS = 0x05;

test.each(['x64', 'arm64'])('the filter for %s is whole: every jump lands inside', (arch) => {
  const filter = seccompFilter(arch);
  if (filter === undefined) throw new Error('there is one');
  const count = filter.length / BYTES;
  const jumps = Array.from({ length: count }, (_one, at) => ({
    isJump: ((filter[at * BYTES] ?? 0) & 0x07) === JUMP_CLASS,
    furthest: at + 1 + Math.max(filter[at * BYTES + 2] ?? 0, filter[at * BYTES + 3] ?? 0),
  })).filter(({ isJump }) => isJump);
  expect(jumps.length).toBeGreaterThan(40);
  expect(jumps.filter(({ furthest }) => furthest >= count)).toEqual([]);
});

test('there is none for a processor whose numbers are not known', () => {
  expect(seccompFilter('riscv64')).toBe(undefined);
});
