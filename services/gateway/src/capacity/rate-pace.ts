import { RETRY_AFTER_MAX_SECONDS } from '../limits.js';
import { RequestProblem } from '../problems/problem.js';
import { type LimitRow, limitsByIds } from '../queries/capacity.js';
import { type Db, findTask } from '../queries/tasks.js';

/**
 * How long a rate makes its callers wait on average: the refusal of a run names no instant, so a
 * caller is told to come again at the pace of the slowest rate that the task is under.
 */
export function paceOf(limits: readonly Pick<LimitRow, 'rate'>[]): number | undefined {
  const paces = limits.flatMap(({ rate }) =>
    rate?.excess === 'skip' ? [rate.perMs / rate.count / 1_000] : [],
  );
  if (paces.length === 0) return undefined;
  return Math.min(RETRY_AFTER_MAX_SECONDS, Math.max(1, Math.ceil(Math.max(...paces))));
}

/** The refusal of a run beyond a rate, with when to come again; any other as it is. */
export async function withPace(
  db: Db,
  { account, taskId }: { readonly account: string; readonly taskId: string },
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof RequestProblem) || error.kind !== 'rate-limited') return error;
  // Without the read model no more is known than that there is no room.
  const limits = await limitsOfTask(db, account, taskId).catch(() => []);
  const { kind, message, code, cause } = error;
  return new RequestProblem(kind, message, { code, cause, retryAfterSeconds: paceOf(limits) });
}

async function limitsOfTask(db: Db, account: string, taskId: string): Promise<LimitRow[]> {
  const ids = (await findTask(db, account, taskId))?.settings.limitIds ?? [];
  return ids.length === 0 ? [] : limitsByIds(db, account, ids);
}
