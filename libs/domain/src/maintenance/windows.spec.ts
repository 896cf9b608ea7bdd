import { describe, expect, test } from '@jest/globals';
import { create, maintenance as m, SYSTEM_ACCOUNT } from '#libs/contracts';
import { MaintenanceWindows } from './windows.js';

const { SKIP, LATEST, ALL } = m.Aftermath;

interface Planned {
  readonly account: string;
  readonly id: string;
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly aftermath?: m.Aftermath;
}

function windowsOf(...all: readonly Planned[]): MaintenanceWindows {
  const windows = new MaintenanceWindows();
  for (const { account, id, fromMs = 10, untilMs = 20, aftermath = LATEST } of all) {
    const range = { maintenanceId: id, fromMs, untilMs, aftermath };
    windows.apply(account, id, create(m.MaintenancePlannedSchema, range), 0);
  }
  return windows;
}

describe('a maintenance', () => {
  test('of an account holds for that account', () => {
    const windows = windowsOf({ account: 'ana', id: 'a' });
    expect([windows.at('ana', 15)?.id, windows.at('bob', 15)?.id]).toEqual(['a', undefined]);
  });

  test('of the whole system holds for every account, from its beginning up to its end', () => {
    const windows = windowsOf({ account: SYSTEM_ACCOUNT, id: 's' });
    const at = (ms: number) => windows.at('whoever', ms)?.id;
    expect([at(9), at(10), at(19), at(20)]).toEqual([undefined, 's', 's', undefined]);
  });

  test('of the whole system that was ended holds nobody any more', () => {
    const windows = windowsOf({ account: SYSTEM_ACCOUNT, id: 's' });
    windows.apply(SYSTEM_ACCOUNT, 's', create(m.MaintenanceEndedSchema), 12);
    expect([windows.at('ana', 11)?.id, windows.at('ana', 12)?.id]).toEqual(['s', undefined]);
  });
});

describe('of several that hold', () => {
  test.each([
    ['skip of the account over all of the system', SKIP, ALL, 'account'],
    ['skip of the system over the latest of the account', LATEST, SKIP, 'system'],
    ['the latest of the account over all of the system', LATEST, ALL, 'account'],
    ['that of the system, when both are equal', LATEST, LATEST, 'system'],
  ])('the strictest counts: %s', (_, ofAccount, ofSystem, counts) => {
    const windows = windowsOf(
      { account: 'ana', id: 'account', aftermath: ofAccount },
      { account: SYSTEM_ACCOUNT, id: 'system', aftermath: ofSystem },
    );
    expect(windows.at('ana', 15)?.id).toBe(counts);
  });

  test('the other one goes on when the strictest is over', () => {
    const windows = windowsOf(
      { account: 'ana', id: 'account', aftermath: SKIP, untilMs: 15 },
      { account: SYSTEM_ACCOUNT, id: 'system', aftermath: ALL },
    );
    expect(windows.at('ana', 16)?.id).toBe('system');
    expect(windows.nextEndMs(12)).toBe(15);
  });
});
