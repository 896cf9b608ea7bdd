import { type GatewayParts } from '../gateway-parts.js';
import { notReadableYet, RequestProblem } from '../problems/problem.js';
import { type ProblemKind } from '../problems/problem-kinds.js';
import { known, type Unknown } from '../problems/unknown.js';
import { type Db } from '../queries/tasks.js';
import { type By, dispatchFor } from './carry-out.js';
import { type DispatchCommand } from './commands.js';

/** What goes on for a while at the dispatcher, which forgets it when it has ended. The tables do not. */
export interface Ongoing<R> {
  readonly noun: 'backfill' | 'redrive';
  readonly unknown: Unknown;
  readonly find: (db: Db, account: string, id: string) => Promise<R | undefined>;
}

/** Holds, resumes or ends it; gives it as it is then. */
export async function changeOngoing<R extends { readonly status: string }>(
  parts: GatewayParts,
  by: By,
  { noun, unknown, find }: Ongoing<R>,
  id: string,
  body: DispatchCommand,
): Promise<{ row: R; position: number }> {
  const read = async () => known(await find(parts.db, by.caller.account, id), unknown, id);
  const { position, isReadable } = await orOver(
    dispatchFor(parts, by, body),
    `${noun}-unknown`,
    async () => ended(noun, await read()),
  );
  if (!isReadable) throw notReadableYet(position);
  return { row: await read(), position };
}

/** What is unknown to the dispatcher may only be over: then that is said. */
export async function orOver<T>(
  work: Promise<T>,
  unknown: ProblemKind,
  over: () => Promise<RequestProblem>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RequestProblem) || error.kind !== unknown) throw error;
    throw await over();
  }
}

export function ended(noun: string, { status }: { readonly status: string }): RequestProblem {
  return new RequestProblem('rejected', `The ${noun} has ended: ${status}.`, {
    code: `${noun}-ended`,
  });
}
