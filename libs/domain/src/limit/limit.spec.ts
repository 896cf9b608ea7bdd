import { describe, expect, test } from '@jest/globals';
import { create, limit as l, type MessageInitShape } from '#libs/contracts';
import { accountDecider } from '../account/account.js';
import { type LimitCommand, type LimitState, limitDecider } from './limit.js';

const { initial, decide, evolve } = limitDecider;

function save(rule: MessageInitShape<typeof l.RuleSchema> = {}, mustExist = false): LimitCommand {
  const full = create(l.RuleSchema, { name: 'Shop API', maxConcurrent: 5, ...rule } as never);
  return { type: 'save', limitId: 'l1', mustExist, rule: full };
}

function having(...commands: LimitCommand[]): LimitState {
  return commands.reduce((state, command) => {
    const decision = decide(command, state);
    return 'rejected' in decision ? state : decision.reduce(evolve, state);
  }, initial);
}

describe('a limit', () => {
  test('has a version for each save that changes it', () => {
    const state = having(save(), save(), save({ maxConcurrent: 6 }));
    expect(state).toMatchObject({ status: 'saved', version: 2 });
  });

  test('refuses a key that is no expression, with its place', () => {
    expect(decide(save({ keyExpression: 'parameters.a + now' }), initial)).toMatchObject({
      rejected: 'key-invalid',
      field: '/key',
      message: expect.stringMatching(/At character 16\.$/),
    });
  });

  test.each<[string, LimitState, LimitCommand, string, string]>([
    ['no name', initial, save({ name: ' ' }), 'name-invalid', '/name'],
    ['nothing that limits', initial, save({ maxConcurrent: 0 }), 'limit-empty', '/maxConcurrent'],
    [
      'an absurd number',
      initial,
      save({ maxConcurrent: 1e9 }),
      'max-concurrent-invalid',
      '/maxConcurrent',
    ],
    [
      'a rate of none',
      initial,
      save({ rate: { count: 0, perMs: 1_000 } }),
      'rate-invalid',
      '/rate/count',
    ],
    [
      'a rate per week',
      initial,
      save({ rate: { count: 1, perMs: 7e8 } }),
      'rate-invalid',
      '/rate/per',
    ],
    [
      'a rate per nothing',
      initial,
      save({ rate: { count: 1, perMs: Number.NaN } }),
      'rate-invalid',
      '/rate/per',
    ],
    ['a change of what is not there', initial, save({}, true), 'limit-unknown', ''],
    [
      'an end while it is used',
      having(save()),
      { type: 'delete', usedBy: ['Sync'] },
      'limit-in-use',
      '',
    ],
  ])('refuses %s', (_, state, command, rejected, field) => {
    expect(decide(command, state)).toMatchObject({ rejected, field });
  });
});

test('an account is refused more than the bounds, with the field', () => {
  const asked = { type: 'set', maxConcurrent: 1e6, maxBrowserSessions: 0, weight: 0 } as const;
  expect(accountDecider.decide(asked, accountDecider.initial)).toMatchObject({
    rejected: 'account-limits-invalid',
    field: '/maxConcurrent',
  });
});
