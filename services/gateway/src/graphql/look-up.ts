import { type GatewayParts } from '../gateway-parts.js';
import { known, type Unknown } from '../problems/unknown.js';
import { type Db } from '../queries/tasks.js';
import { isId } from './arguments.js';
import { type OperationContext } from './context.js';

type Find<R> = (db: Db, account: string, id: string) => Promise<R | undefined>;

/** One thing of the caller's account; null when it is not there. */
export async function lookUp<R, V>(
  { db }: GatewayParts,
  { caller }: OperationContext,
  { find, view, id }: { find: Find<R>; view: (row: R) => V; id: string },
): Promise<V | null> {
  const row = isId(id) ? await find(db, caller.account, id) : undefined;
  return row === undefined ? null : view(row);
}

/** The same where it has to be. */
export function reader<R, V>(
  { db }: GatewayParts,
  { caller }: OperationContext,
  { find, view, unknown }: { find: Find<R>; view: (row: R) => V; unknown: Unknown },
): (id: string) => Promise<V> {
  return async (id) => view(known(await find(db, caller.account, id), unknown, id));
}
