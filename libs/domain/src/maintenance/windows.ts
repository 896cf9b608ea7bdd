import { type MaintenanceEvent, maintenance as m } from '#libs/contracts';
import { impossible } from '../decider.js';

/** A maintenance of one account as far as it is known. */
export interface MaintenanceWindow {
  readonly id: string;
  readonly fromMs: number;
  /** Infinity: until it is ended. */
  readonly untilMs: number;
  readonly aftermath: m.Aftermath;
}

/** The maintenances of all accounts of a shard. */
export class MaintenanceWindows {
  readonly #byAccount = new Map<string, Map<string, MaintenanceWindow>>();

  /** `atMs`: when it was told. An end holds from then on. */
  apply(account: string, id: string, event: MaintenanceEvent, atMs: number): void {
    const windows = this.#byAccount.get(account) ?? new Map<string, MaintenanceWindow>();
    this.#byAccount.set(account, windows);
    switch (event.$typeName) {
      case 'maintenance.v1.MaintenancePlanned': {
        // What was before it was told is not undone by it.
        const fromMs = Math.max(event.fromMs, atMs);
        const untilMs = event.untilMs === 0 ? Number.POSITIVE_INFINITY : event.untilMs;
        const aftermath = event.aftermath || m.Aftermath.LATEST;
        windows.set(id, { id, fromMs, untilMs, aftermath });
        return;
      }
      case 'maintenance.v1.MaintenanceEnded': {
        const window = windows.get(id);
        if (window) windows.set(id, { ...window, untilMs: Math.min(window.untilMs, atMs) });
        return;
      }
      default:
        impossible(event);
    }
  }

  /** The maintenance that holds at an instant; undefined when none does. */
  at(account: string, ms: number): MaintenanceWindow | undefined {
    for (const window of this.#byAccount.get(account)?.values() ?? [])
      if (window.fromMs <= ms && ms < window.untilMs) return window;
    return undefined;
  }

  /** The next end of one that holds now, over all accounts; Infinity when there is none. */
  nextEndMs(nowMs: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const windows of this.#byAccount.values())
      for (const { fromMs, untilMs } of windows.values())
        if (fromMs <= nowMs && nowMs < untilMs) next = Math.min(next, untilMs);
    return next;
  }
}
