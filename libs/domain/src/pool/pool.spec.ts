import { describe, expect, test } from '@jest/globals';
import { isRejection } from '../decider.js';
import { type PoolCommand, type PoolState, poolDecider } from './pool.js';

const { initial, decide, evolve } = poolDecider;

function having(...commands: PoolCommand[]): PoolState {
  return commands.reduce((state, command) => {
    const decision = decide(command, state);
    if (isRejection(decision)) throw new Error(decision.message);
    return decision.reduce(evolve, state);
  }, initial);
}

const save = (name: string, more: Partial<PoolCommand & { type: 'save' }> = {}) =>
  ({ type: 'save', name, isNew: false, description: '', maxConcurrent: 0, ...more }) as const;
const make = (name: string) => save(name, { isNew: true });
const pause = (name: string, reason = '') => ({ type: 'pause', name, reason }) as const;
const remove = (name: string, usedBy: string[] = []) => ({ type: 'delete', name, usedBy }) as const;

describe('a pool', () => {
  test('keeps its rate over a change that says none, and refuses one that is no amount', () => {
    const rated = having(
      save('system', { computeRateMicros: 350_000 }),
      save('system', { maxConcurrent: 3 }),
    );
    expect(rated).toMatchObject({ computeRateMicros: 350_000, maxConcurrent: 3 });
    expect(
      having(save('system', { computeRateMicros: 5 }), save('system', { computeRateMicros: 0 })),
    ).toMatchObject({
      computeRateMicros: 0,
    });
    for (const computeRateMicros of [-1, 0.5, 1e12 + 1, Number.NaN])
      expect(decide(save('system', { computeRateMicros }), initial)).toMatchObject({
        rejected: 'compute-rate-invalid',
      });
  });

  test('keeps its pause over a change, and forgets it when it is deleted', () => {
    const paused = having(
      make('gpu'),
      pause('gpu', 'a new driver'),
      save('gpu', { maxConcurrent: 3 }),
    );
    expect(paused).toMatchObject({ paused: true, reason: 'a new driver', maxConcurrent: 3 });
    expect(evolve(paused, { $typeName: 'pool.v1.PoolDeleted' })).toEqual(initial);
  });

  test('that is built in may be paused and changed without having been made', () => {
    expect(having(pause('system', 'why'), save('system', { maxConcurrent: 9 }))).toMatchObject({
      paused: true,
      maxConcurrent: 9,
    });
  });

  test('stays quiet when a command is done already', () => {
    const state = having(make('gpu'), pause('gpu', 'why'));
    expect(decide(pause('gpu', 'why'), state)).toEqual([]);
    expect(decide(save('gpu'), state)).toEqual([]);
    expect(decide({ type: 'resume', name: 'gpu' }, having(make('gpu')))).toEqual([]);
  });

  test.each<[string, PoolState, PoolCommand, string, string]>([
    ['a name with a capital', initial, make('GPU'), 'name-invalid', '/name'],
    ['a name that is too long', initial, make('g'.repeat(33)), 'name-invalid', '/name'],
    ['a second of its name', having(make('gpu')), make('gpu'), 'pool-exists', '/name'],
    ['a second built-in one', initial, make('browser'), 'pool-exists', '/name'],
    ['a change of what is not there', initial, save('gpu'), 'pool-unknown', ''],
    ['a pause of what is not there', initial, pause('gpu'), 'pool-unknown', ''],
    [
      'more than the bound',
      initial,
      save('system', { maxConcurrent: 1e6 }),
      'max-concurrent-invalid',
      '/maxConcurrent',
    ],
    ['a long reason', initial, pause('system', 'x'.repeat(501)), 'reason-too-long', '/reason'],
    ['the end of a built-in one', initial, remove('system'), 'pool-built-in', ''],
    ['the end of one in use', having(make('gpu')), remove('gpu', ['Render']), 'pool-in-use', ''],
  ])('refuses %s', (_, state, command, rejected, field) => {
    expect(decide(command, state)).toMatchObject({ rejected, field });
  });
});
