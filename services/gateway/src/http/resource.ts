import { type Changed } from '../commands/carry-out.js';
import { type GatewayParts } from '../gateway-parts.js';
import { notReadableYet } from '../problems/problem.js';
import { known, type Unknown } from '../problems/unknown.js';
import { type ApiCall, idOr, tellEtag, tellLocation, tellPosition } from './call.js';

/** A kind of thing that is defined over REST: where it stands, how it is found, and how it is told. */
export interface Resource<R, A> {
  /** Under /api/scheduler. */
  readonly collection: string;
  readonly unknown: Unknown;
  readonly find: (
    parts: GatewayParts,
    account: string,
    id: string,
    nowMs: number,
  ) => Promise<R | undefined>;
  readonly answer: (row: R, nowMs: number) => A;
  /** Where it has an ETag: the position that a change may be held to. */
  readonly positionOf?: (row: R) => number;
}

/** It, as it stands. */
export async function tell<R, A>(
  parts: GatewayParts,
  { unknown, find, answer, positionOf }: Resource<R, A>,
  call: ApiCall,
  id: string,
): Promise<A> {
  const nowMs = parts.clock.now();
  const row = known(await find(parts, call.account, idOr(unknown, id), nowMs), unknown, id);
  if (positionOf) tellEtag(call, positionOf(row));
  return answer(row, nowMs);
}

/** It, as a change has left it. */
export function tellChanged<R, A>(
  parts: GatewayParts,
  resource: Resource<R, A>,
  call: ApiCall,
  change: Changed,
): Promise<A> {
  tellDefined(call, change);
  if (!change.isReadable) throw notReadableYet(change.position);
  return tell(parts, resource, call, change.id);
}

/** Where what was just made stands. */
export function tellMade(
  call: ApiCall,
  { collection }: { readonly collection: string },
  change: Changed,
): void {
  tellDefined(call, change);
  tellLocation(call, collection, change.id);
}

export function tellDefined(call: ApiCall, { position }: { readonly position: number }): void {
  tellPosition(call, 'DEFINITIONS', position);
}
