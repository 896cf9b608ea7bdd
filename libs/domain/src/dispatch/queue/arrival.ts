/** When somebody began to wait, and the order of requests among those who did so together. */
export interface Arrival {
  readonly queuedAtMs: number;
  /** The order of requests in the shard. */
  readonly ordinal: number;
}

export function byArrival(one: Arrival, other: Arrival): number {
  return one.queuedAtMs - other.queuedAtMs || one.ordinal - other.ordinal;
}

/** Runs that wait for earlier ones of their task go in the order of their requests, retries too. */
export function byRequest(one: Arrival, other: Arrival): number {
  return one.ordinal - other.ordinal;
}
