/**
 * The rules of a lease, without any I/O. Leadership saves work; the expected sequence of an append
 * makes it right. So these rules are for speed: a wrong answer costs a lost append, never a wrong one.
 */

export interface LeaseTimes {
  /** The leader says on core NATS that it lives, this often. */
  readonly beatMs: number;
  /** A standby that hears nothing for this long takes over. */
  readonly silenceMs: number;
  /** The leader writes the record anew, this often. */
  readonly renewMs: number;
  /** Without a renewal that went through, the leader stops by itself this long after the last was sent. */
  readonly trustMs: number;
  /** A standby looks at the time this often. */
  readonly watchMs: number;
}

/**
 * A crashed stream leader costs the broker 4-9 s, in which nothing can be renewed: the trust has to
 * outlast it, or every crash of the broker would depose every leader.
 */
export const LEASE_TIMES: LeaseTimes = {
  beatMs: 150,
  silenceMs: 600,
  renewMs: 2_500,
  trustMs: 10_000,
  watchMs: 50,
};

/** As it is kept, one record a lease. The term rises by one with each new leader. */
export interface LeaseRecord {
  readonly holder: string;
  readonly term: number;
  /** The holder has left: whoever sees it may take over at once. */
  readonly resigned: boolean;
}

export interface StandbyView {
  /** Undefined: nobody has ever held it. */
  readonly record: LeaseRecord | undefined;
  /** When a beat was heard or the record seen to change, or the connection came back; monotonic. */
  readonly lastSignMs: number;
  readonly connected: boolean;
}

/** Whether a standby should try to take the lease now. */
export function mayTake(view: StandbyView, nowMs: number, times: LeaseTimes): boolean {
  if (!view.connected) return false;
  if (view.record === undefined || view.record.resigned) return true;
  return nowMs - view.lastSignMs > times.silenceMs;
}

/** The record with which `holder` takes over. */
export function taken(record: LeaseRecord | undefined, holder: string): LeaseRecord {
  return { holder, term: (record?.term ?? 0) + 1, resigned: false };
}

/** Until when a leader may believe in itself, having sent its last good renewal at `sentAtMs`. */
export function trustedUntil(sentAtMs: number, times: LeaseTimes): number {
  return sentAtMs + times.trustMs;
}

/** Whether a record that was seen ends the term of `holder`. */
export function deposes(record: LeaseRecord | undefined, holder: string, term: number): boolean {
  return (
    record !== undefined &&
    (record.term > term || (record.term === term && record.holder !== holder))
  );
}

export function encodeLease(record: LeaseRecord): string {
  return JSON.stringify(record);
}

/** Undefined for what is no lease record. */
export function decodeLease(text: string): LeaseRecord | undefined {
  try {
    const { holder, term, resigned } = JSON.parse(text) as Partial<LeaseRecord>;
    if (typeof holder !== 'string' || typeof term !== 'number') return undefined;
    return { holder, term, resigned: resigned === true };
  } catch {
    return undefined;
  }
}
