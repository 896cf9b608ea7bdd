import { type ReturnTypeFunc, Subscription } from '@nestjs/graphql';
import { type GatewayParts } from '../gateway-parts.js';
import { changesOf } from '../live/changes.js';
import { mapped } from '../live/wake.js';
import { type Db } from '../queries/tasks.js';
import { type OperationContext } from './context.js';

/** A subscription whose values are told as they come. */
export function Live(type: ReturnTypeFunc, description: string): MethodDecorator {
  return Subscription(type, { resolve: (value) => value, description });
}

/** What a subscription watches, and how a change is read again and told. */
export interface Watched<R, V> {
  readonly readModel: string;
  readonly rows: (db: Db, account: string, ids: readonly string[]) => Promise<readonly R[]>;
  readonly view: (row: R) => V;
  /** Rows that the subscriber asked for; all when left out. */
  readonly wants?: (row: R) => boolean;
}

/** Rows of the caller's account that changed, in batches. */
export function changedRows<R, V>(
  parts: GatewayParts,
  { caller: { account } }: OperationContext,
  { readModel, rows, view, wants = () => true }: Watched<R, V>,
): AsyncIterableIterator<V[]> {
  const read = async (ids: readonly string[]) => (await rows(parts.db, account, ids)).filter(wants);
  return mapped(changesOf(parts, { readModel, account, read }), (batch) => batch.map(view));
}

/** One of them: as it is, and again whenever it has changed. */
export function changedRow<R, V>(
  parts: GatewayParts,
  { caller: { account } }: OperationContext,
  { readModel, rows, view }: Watched<R, V>,
  id: string,
): AsyncIterableIterator<V | undefined> {
  const read = (ids: readonly string[]) => rows(parts.db, account, ids);
  const changes = changesOf(parts, { readModel, account, only: id, atFirst: [id], read });
  // A batch of one id has one row.
  return mapped(changes, (batch) => batch.map(view)[0]);
}
