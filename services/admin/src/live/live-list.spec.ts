import { describe, expect, test } from '@jest/globals';
import {
  append,
  emptyList,
  isOlder,
  MAX_PENDING,
  patch,
  refresh,
  remove,
  reveal,
} from './live-list.js';

interface Run {
  id: string;
  position: string;
  status: string;
}

const run = (id: string, position: number, status = 'running'): Run => ({
  id,
  position: `${position}`,
  status,
});
const any = (): boolean => true;
const newestFirst = (a: Run, b: Run): number => Number(b.position) - Number(a.position);
const shown = append(emptyList<Run>(), [run('c', 3), run('b', 2), run('a', 1)]);
const ids = (rows: readonly Run[]): string => rows.map((row) => row.id).join('');

describe('a row on the screen', () => {
  test('is patched where it is, also when it leaves the filter', () => {
    const list = patch(shown, [run('b', 9, 'success')], (row) => row.status === 'running');
    expect(ids(list.rows)).toBe('cba');
    expect(list.rows[1]?.status).toBe('success');
    expect(list.patched.get('b')).toBe(1);
  });

  test('ignores what is older than what it shows', () => {
    const list = patch(shown, [run('b', 10, 'success')], any);
    expect(patch(list, [run('b', 9, 'running')], any)).toBe(list);
  });

  test('is not touched by a change that changes nothing', () => {
    expect(patch(shown, [run('b', 2)], any)).toBe(shown);
  });

  test('takes a later fact of the same position', () => {
    expect(patch(shown, [run('b', 2, 'success')], any).rows[1]?.status).toBe('success');
  });
});

describe('a new row', () => {
  test('waits until it is asked for, and goes on changing meanwhile', () => {
    let list = patch(shown, [run('d', 4), run('e', 5)], any);
    expect(ids(list.rows)).toBe('cba');
    list = patch(list, [run('d', 6, 'success')], any);
    list = reveal(list, newestFirst);
    expect(ids(list.rows)).toBe('decba');
    expect(list.pending).toEqual([]);
  });

  test('outside the filter is not counted, and stops counting when it leaves it', () => {
    const running = (row: Run): boolean => row.status === 'running';
    const list = patch(shown, [run('d', 4), run('e', 5, 'success')], running);
    expect(ids(list.pending)).toBe('d');
    expect(patch(list, [run('d', 6, 'success')], running).pending).toEqual([]);
  });

  test('is not shown twice when a page brings it too', () => {
    const list = append(patch(shown, [run('d', 4)], any), [run('d', 4), run('z', 0)]);
    expect(ids(list.rows)).toBe('cbadz');
    expect(list.pending).toEqual([]);
  });

  test('is held back up to a limit', () => {
    const flood = Array.from({ length: MAX_PENDING + 20 }, (_, n) => run(`n${n}`, 10 + n));
    expect(patch(shown, flood, any).pending).toHaveLength(MAX_PENDING);
  });
});

describe('the first page read again', () => {
  test('patches what is shown and holds back what is new', () => {
    const list = refresh(shown, [run('d', 4), run('c', 7, 'success'), run('b', 2)], any);
    expect(ids(list.rows)).toBe('cba');
    expect(list.rows[0]?.status).toBe('success');
    expect(ids(list.pending)).toBe('d');
  });

  test('starts anew when nothing of it is known: there would be a hole', () => {
    const list = refresh(shown, [run('z', 90), run('y', 89)], any);
    expect(ids(list.rows)).toBe('zy');
    expect(list.pending).toEqual([]);
  });
});

test('positions are compared as numbers', () => {
  expect(isOlder('9', '10')).toBe(true);
  expect(isOlder('10', '9')).toBe(false);
  expect(isOlder('10', '10')).toBe(false);
});

test('a row that is gone leaves the list', () => {
  expect(ids(remove(shown, new Set(['b'])).rows)).toBe('ca');
  expect(remove(shown, new Set(['x']))).toBe(shown);
});
