/** What an account may use at the same time, and its share where others wait, too. */
import { type AccountEvent, account as ac, create } from '#libs/contracts';
import { type Decider, type Decision, reject } from '../decider.js';

export const ACCOUNT_DEFAULTS = { maxConcurrent: 500, maxBrowserSessions: 25, weight: 1 } as const;

export const ACCOUNT_LIMITS = {
  maxConcurrent: 100_000,
  maxBrowserSessions: 10_000,
  weight: 100,
} as const;

/** The only id of the kind. */
export const ACCOUNT_LIMITS_ID = 'limits';

export interface AccountState {
  readonly maxConcurrent: number;
  readonly maxBrowserSessions: number;
  readonly weight: number;
}

export type AccountCommand = { readonly type: 'set' } & AccountState;
export type AccountRejectionCode = 'account-limits-invalid';

export function decide(
  { maxConcurrent, maxBrowserSessions, weight }: AccountCommand,
  state: AccountState,
): Decision<AccountEvent, AccountRejectionCode> {
  const asked = { maxConcurrent, maxBrowserSessions, weight };
  for (const field of ['maxConcurrent', 'maxBrowserSessions', 'weight'] as const)
    if (asked[field] > ACCOUNT_LIMITS[field])
      return reject(
        'account-limits-invalid',
        `Between 1 and ${ACCOUNT_LIMITS[field]}, or 0 for the default of ${ACCOUNT_DEFAULTS[field]}.`,
        `/${field}`,
      );
  const isSame =
    state.maxConcurrent === maxConcurrent &&
    state.maxBrowserSessions === maxBrowserSessions &&
    state.weight === weight;
  return isSame ? [] : [create(ac.AccountLimitsSetSchema, asked)];
}

export function evolve(_state: AccountState, event: AccountEvent): AccountState {
  const { maxConcurrent, maxBrowserSessions, weight } = event;
  return { maxConcurrent, maxBrowserSessions, weight };
}

/** What holds, with the defaults filled in. */
export function effectiveLimits({
  maxConcurrent,
  maxBrowserSessions,
  weight,
}: AccountState): AccountState {
  return {
    maxConcurrent: maxConcurrent || ACCOUNT_DEFAULTS.maxConcurrent,
    maxBrowserSessions: maxBrowserSessions || ACCOUNT_DEFAULTS.maxBrowserSessions,
    weight: weight || ACCOUNT_DEFAULTS.weight,
  };
}

export const noAccountLimits: AccountState = { maxConcurrent: 0, maxBrowserSessions: 0, weight: 0 };

export const accountDecider: Decider<
  AccountState,
  AccountCommand,
  AccountEvent,
  AccountRejectionCode
> = { initial: noAccountLimits, decide, evolve };
