import type { CalendarEvent, calendar as c } from '#libs/contracts';
import { impossible } from '../decider.js';

export interface CalendarVersion {
  readonly calendarId: string;
  readonly version: number;
  readonly days: c.Days;
  readonly fromMs: number;
}

/** Versions of one calendar that are kept: slots are decided soon after they are due. */
const VERSIONS_KEPT = 50;

/** The calendars of all accounts of a shard, each version with the instant from which it holds. */
export class Calendars {
  readonly #versions = new Map<string, (CalendarVersion | { readonly fromMs: number })[]>();

  apply(account: string, calendarId: string, event: CalendarEvent, atMs: number): void {
    const key = `${account}/${calendarId}`;
    const versions = this.#versions.get(key) ?? [];
    // The first version holds from ever: a slot that came before it may still be undecided.
    const fromMs = versions.length === 0 ? 0 : atMs;
    switch (event.$typeName) {
      case 'calendar.v1.CalendarSaved':
        if (event.days)
          versions.push({ calendarId, version: event.version, days: event.days, fromMs });
        break;
      case 'calendar.v1.CalendarDeleted':
        versions.push({ fromMs });
        break;
      default:
        impossible(event);
    }
    this.#versions.set(key, versions.slice(-VERSIONS_KEPT));
  }

  /** The version in force at an instant; undefined when there is no such calendar then. */
  at(account: string, calendarId: string, ms: number): CalendarVersion | undefined {
    const versions = this.#versions.get(`${account}/${calendarId}`) ?? [];
    const found = versions.findLast(({ fromMs }) => fromMs <= ms);
    return found !== undefined && 'days' in found ? found : undefined;
  }
}
