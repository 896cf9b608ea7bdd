import { SYSTEM_ACCOUNT } from '#libs/contracts';
import { RequestProblem } from './problems/problem.js';
import { type ScopeWord } from './shapes/words.js';

/** Who asks. The one place that knows: until there is sign-in, everybody is the local admin. */
export interface Caller {
  readonly account: string;
  readonly actorId: string;
  /** Where from: the address of the client. */
  readonly origin: string;
  /** May do what reaches every account. */
  readonly operatesSystem: boolean;
}

export const LOCAL_ACCOUNT = 'default';
const LOCAL_ACTOR = 'local-admin';

export function callerFrom(origin: string): Caller {
  return { account: LOCAL_ACCOUNT, actorId: LOCAL_ACTOR, origin, operatesSystem: true };
}

/** Whose it is what a caller does in a scope. The one place that asks whether the caller may. */
export function ownerIn(scope: ScopeWord, { account, operatesSystem }: Caller): string {
  if (scope === 'account') return account;
  if (operatesSystem) return SYSTEM_ACCOUNT;
  throw new RequestProblem(
    'not-permitted',
    'This reaches every account, which only an operator of the system may do.',
  );
}

export function scopeOf({ account }: { readonly account: string }): ScopeWord {
  return account === SYSTEM_ACCOUNT ? 'system' : 'account';
}
