import { describe, expect, test } from '@jest/globals';
import { SYSTEM_ACCOUNT } from '#libs/contracts';
import { callerFrom, LOCAL_ACCOUNT, ownerIn, scopeOf } from './identity.js';

const admin = callerFrom('::1');
const customer = { ...admin, operatesSystem: false };

describe('what a caller does', () => {
  test('is of the own account', () => {
    expect(ownerIn('account', customer)).toBe(LOCAL_ACCOUNT);
  });

  test('is of the system, for whoever operates it', () => {
    expect(ownerIn('system', admin)).toBe(SYSTEM_ACCOUNT);
  });

  test('is never of the system for anybody else', () => {
    expect(() => ownerIn('system', customer)).toThrow(
      expect.objectContaining({ code: 'not-permitted', status: 403 }),
    );
  });
});

test('only the account of the system stands for the system', () => {
  expect([SYSTEM_ACCOUNT, 'system', '', 'default'].map((account) => scopeOf({ account }))).toEqual([
    'system',
    'account',
    'account',
    'account',
  ]);
});
