import { create, dispatch as d, fromBinary, toBinary } from '#libs/contracts';
import { BUILT_IN_POOLS, type DispatchState, standingOf } from '#libs/domain';

/** Answers a question to the owner of a shard from its memory; undefined for bytes that are none. */
export function answerQuery(
  state: DispatchState,
  bytes: Uint8Array,
  nowMs: number,
): Uint8Array | undefined {
  let query: d.Query;
  try {
    query = fromBinary(d.QuerySchema, bytes);
  } catch {
    return undefined;
  }
  const result = resultOf(state, query, nowMs);
  return result && toBinary(d.QueryReplySchema, create(d.QueryReplySchema, { result }));
}

function resultOf(
  state: DispatchState,
  { account, body }: d.Query,
  nowMs: number,
): d.QueryReply['result'] | undefined {
  switch (body.case) {
    case 'queues':
      return { case: 'queues', value: queuesOf(state, account, nowMs) };
    case 'place':
      return { case: 'place', value: placeOf(state, account, body.value.executionId, nowMs) };
    default:
      return undefined;
  }
}

function queuesOf(state: DispatchState, account: string, asOfMs: number): d.QueueReport {
  const names = new Set<string>(BUILT_IN_POOLS);
  for (const name of state.definitions.capacity.poolsOf(account)) names.add(name);
  for (const { name, accounts } of state.line.pools.values())
    if (accounts.has(account)) names.add(name);
  return create(d.QueueReportSchema, {
    asOfMs,
    pools: [...names].sort().map((pool) => poolOf(state, account, pool)),
  });
}

function poolOf(state: DispatchState, account: string, pool: string): d.PoolReport {
  const queue = state.line.pools.get(pool)?.accounts.get(account);
  const bands = (queue?.bands ?? []).filter(({ ages }) => ages.depth > 0);
  let oldestSinceMs = Number.POSITIVE_INFINITY;
  for (const lane of queue?.lanes.values() ?? [])
    oldestSinceMs = Math.min(oldestSinceMs, lane.oldestSinceMs);
  return create(d.PoolReportSchema, {
    pool,
    depths: bands.map(({ priority, ages }) => ({ priority, count: ages.depth })),
    oldestSinceMs: Number.isFinite(oldestSinceMs) ? oldestSinceMs : 0,
    running: state.line.inPool(account, pool)?.active ?? 0,
    slots: state.fleet.slots(pool),
    free: Math.max(0, state.freeSlots(pool)),
  });
}

function placeOf(
  state: DispatchState,
  account: string,
  executionId: string,
  nowMs: number,
): d.PlaceReport {
  const execution = state.executions.get(executionId);
  if (execution === undefined || execution.account !== account)
    return create(d.PlaceReportSchema, { known: false });
  const { position, estimatedStartMs, waitsFor } = standingOf(state, execution, nowMs);
  if (waitsFor === undefined) return create(d.PlaceReportSchema, { known: true });
  const { cause, limitId, limitName, used, bound, untilMs = 0, reason } = waitsFor;
  return create(d.PlaceReportSchema, {
    known: true,
    waiting: true,
    position,
    estimatedStartMs,
    cause,
    untilMs: Number.isFinite(untilMs) ? untilMs : 0,
    ...(limitId === undefined ? {} : { limitId }),
    ...(limitName === undefined ? {} : { limitName }),
    ...(used === undefined ? {} : { used }),
    ...(bound === undefined ? {} : { bound }),
    ...(reason === undefined ? {} : { reason }),
  });
}
