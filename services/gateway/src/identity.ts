/** Who asks. The one place that knows: until there is sign-in, everybody is the local admin. */
export interface Caller {
  readonly account: string;
  readonly actorId: string;
  /** Where from: the address of the client. */
  readonly origin: string;
}

export const LOCAL_ACCOUNT = 'default';
const LOCAL_ACTOR = 'local-admin';

export function callerFrom(origin: string): Caller {
  return { account: LOCAL_ACCOUNT, actorId: LOCAL_ACTOR, origin };
}
