import { type MaintenanceEvent, maintenance as m, SYSTEM_ACCOUNT } from '#libs/contracts';
import { impossible } from '../decider.js';

/** A maintenance of one account, or of the whole system, as far as it is known. */
export interface MaintenanceWindow {
  readonly id: string;
  readonly fromMs: number;
  /** Infinity: until it is ended. */
  readonly untilMs: number;
  readonly aftermath: m.Aftermath;
}

/** The maintenances of all accounts of a shard, and those of the whole system. */
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

  /**
   * The maintenance that holds for an account at an instant; undefined when none does. Of several the
   * one counts that lets the fewest run afterwards, so that nobody's "skip" is undone by another; and
   * of equal ones that of the system.
   */
  at(account: string, ms: number): MaintenanceWindow | undefined {
    let strictest: MaintenanceWindow | undefined;
    for (const owner of [SYSTEM_ACCOUNT, account])
      for (const window of this.#byAccount.get(owner)?.values() ?? []) {
        const holds = window.fromMs <= ms && ms < window.untilMs;
        // Aftermaths are numbered from the strictest on: skip, latest, all.
        if (holds && (strictest === undefined || window.aftermath < strictest.aftermath))
          strictest = window;
      }
    return strictest;
  }

  /** The first instant from one on at which none holds for an account; Infinity when there is none. */
  freeFrom(account: string, fromMs: number): number {
    let freeMs = fromMs;
    for (let held = this.at(account, freeMs); held; held = this.at(account, freeMs))
      freeMs = held.untilMs;
    return freeMs;
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
