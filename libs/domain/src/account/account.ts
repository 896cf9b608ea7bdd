/** What an account may use at the same time, and its share where others wait, too. */
import { type AccountEvent, account as ac, create } from '#libs/contracts';
import { CURRENCY } from '../cost/micros.js';
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
  /** That its costs are told in; empty: none was said. */
  readonly currency: string;
}

export type AccountCommand = { readonly type: 'set' } & Omit<AccountState, 'currency'> & {
    /** Left out: as it was. */
    readonly currency?: string | undefined;
  };
export type AccountRejectionCode = 'account-limits-invalid' | 'currency-invalid';

export function decide(
  { maxConcurrent, maxBrowserSessions, weight, currency: said }: AccountCommand,
  state: AccountState,
): Decision<AccountEvent, AccountRejectionCode> {
  const currency = said ?? state.currency;
  const asked = { maxConcurrent, maxBrowserSessions, weight, currency };
  for (const field of ['maxConcurrent', 'maxBrowserSessions', 'weight'] as const)
    if (asked[field] > ACCOUNT_LIMITS[field])
      return reject(
        'account-limits-invalid',
        `Between 1 and ${ACCOUNT_LIMITS[field]}, or 0 for the default of ${ACCOUNT_DEFAULTS[field]}.`,
        `/${field}`,
      );
  if (currency !== '' && !CURRENCY.test(currency))
    return reject('currency-invalid', 'A code of ISO 4217, such as EUR.', '/currency');
  const isSame =
    state.maxConcurrent === maxConcurrent &&
    state.maxBrowserSessions === maxBrowserSessions &&
    state.weight === weight &&
    state.currency === currency;
  return isSame ? [] : [create(ac.AccountLimitsSetSchema, asked)];
}

export function evolve(_state: AccountState, event: AccountEvent): AccountState {
  const { maxConcurrent, maxBrowserSessions, weight, currency } = event;
  return { maxConcurrent, maxBrowserSessions, weight, currency };
}

/** What holds, with the defaults filled in. */
export function effectiveLimits({
  maxConcurrent,
  maxBrowserSessions,
  weight,
  currency,
}: AccountState): AccountState {
  return {
    maxConcurrent: maxConcurrent || ACCOUNT_DEFAULTS.maxConcurrent,
    maxBrowserSessions: maxBrowserSessions || ACCOUNT_DEFAULTS.maxBrowserSessions,
    weight: weight || ACCOUNT_DEFAULTS.weight,
    currency,
  };
}

export const noAccountLimits: AccountState = {
  maxConcurrent: 0,
  maxBrowserSessions: 0,
  weight: 0,
  currency: '',
};

export const accountDecider: Decider<
  AccountState,
  AccountCommand,
  AccountEvent,
  AccountRejectionCode
> = { initial: noAccountLimits, decide, evolve };
