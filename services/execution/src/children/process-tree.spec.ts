import { describe, expect, test } from '@jest/globals';
import type { ProcessRow } from './process-table.js';
import { linkedMembers } from './process-tree.js';

const ROOT = { pid: 100, startedAt: 50 };
const mark = { scratch: '/scratch/1', root: ROOT };
const own = row(process.pid, 1, process.pid, 7);

function row(pid: number, parent: number, group: number, session = group, startedAt = 60) {
  return { pid, parent, group, session, startedAt, cpuMs: 0 } satisfies ProcessRow;
}
const members = (...table: ProcessRow[]) =>
  linkedMembers(mark, [own, ...table])
    .map(({ pid }) => pid)
    .sort();
const root = row(100, process.pid, 100, 100, ROOT.startedAt);

describe('the processes of a tree', () => {
  test('are the root and all that comes from it, in whatever session', () => {
    expect(members(row(103, 102, 101), root, row(101, 100, 101), row(102, 101, 101))).toEqual([
      100, 101, 102, 103,
    ]);
  });

  test('are those too that lost their parent, by group and session', () => {
    expect(members(root, row(101, 100, 101), row(102, 1, 102, 101), row(103, 1, 101, 9))).toEqual([
      100, 101, 102, 103,
    ]);
  });

  test('are found by the group of a root that is gone', () => {
    expect(members(row(101, 1, 100), row(102, 101, 102))).toEqual([101, 102]);
  });

  test('are not those of a stranger that was given the number of the root', () => {
    const stranger = row(100, 1, 100, 100, ROOT.startedAt + 1);
    expect(members(stranger, row(101, 100, 100))).toEqual([]);
  });

  test('are never the worker itself, nor its other children', () => {
    expect(members(root, row(200, process.pid, 200), row(201, 200, process.pid, 7))).toEqual([100]);
  });
});
