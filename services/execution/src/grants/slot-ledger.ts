/** A shard that was told less may use what it had for so long: an offer may be on its way. */
export const SETTLE_MS = 300;

interface Account {
  granted: number;
  /** What it had before it was told less, and until when it may still use it. */
  before: number;
  untilMs: number;
}

/**
 * What one pool's slots are promised to. A slot goes from one shard to another in two steps: the first is
 * told, and only when it has had time to answer is the slot given to the second. What is in use is
 * nobody else's until it is free. So at no time is more promised than there is.
 */
export class SlotLedger {
  readonly #slots: number;
  readonly #accounts = new Map<number, Account>();

  constructor(slots: number) {
    this.#slots = slots;
  }

  get granted(): ReadonlyMap<number, number> {
    return new Map([...this.#accounts].map(([shard, { granted }]) => [shard, granted]));
  }

  grantedTo(shard: number): number {
    return this.#accounts.get(shard)?.granted ?? 0;
  }

  /** Goes towards the targets as far as it may by now. True when a grant has changed. */
  move(
    targets: ReadonlyMap<number, number>,
    inUse: (shard: number) => number,
    nowMs: number,
  ): boolean {
    let changed = false;
    for (const shard of targets.keys())
      if (!this.#accounts.has(shard))
        this.#accounts.set(shard, { granted: 0, before: 0, untilMs: 0 });
    const promised = (shard: number, { granted, before, untilMs }: Account) =>
      Math.max(granted, nowMs < untilMs ? before : 0, inUse(shard));
    for (const [shard, account] of this.#accounts) {
      const target = targets.get(shard) ?? 0;
      if (account.granted <= target) continue;
      account.before = promised(shard, account);
      account.untilMs = nowMs + SETTLE_MS;
      account.granted = target;
      changed = true;
    }
    let spare = this.#slots;
    for (const [shard, account] of this.#accounts) spare -= promised(shard, account);
    for (const [shard, account] of this.#accounts) {
      const wants = (targets.get(shard) ?? 0) - account.granted;
      if (wants <= 0) continue;
      // What it holds, or may still use, is its own already.
      const own = Math.min(wants, promised(shard, account) - account.granted);
      const more = Math.min(wants - own, Math.max(0, spare));
      spare -= more;
      account.granted += own + more;
      changed ||= own + more > 0;
    }
    return changed;
  }

  /** When a slot that was taken away may be given on; undefined when none waits for that. */
  nextMs(nowMs: number): number | undefined {
    const open = [...this.#accounts.values()].filter(
      ({ granted, before, untilMs }) => untilMs > nowMs && before > granted,
    );
    return open.length === 0 ? undefined : Math.min(...open.map(({ untilMs }) => untilMs));
  }
}
