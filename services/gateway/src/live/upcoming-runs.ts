import { type Clock } from '#libs/clock';
import { UPCOMING_RELOAD_MS } from '../limits.js';
import { nextStartsOf, type StartingSchedule } from '../next-starts.js';
import { type CalendarRow, calendarsOfSchedules } from '../queries/calendars.js';
import { ringingSchedules, type UpcomingSchedule } from '../queries/dashboard.js';
import { type Db } from '../queries/tasks.js';
import { knownSchedule } from '../task-of-rows.js';
import { type Notices } from './notices.js';

export interface UpcomingRun {
  readonly taskId: string;
  readonly taskName: string;
  readonly scheduleId: string;
  readonly scheduledAt: Date;
}

interface Entry {
  readonly schedule: UpcomingSchedule;
  readonly rings: StartingSchedule;
  nextMs: number;
}

/**
 * The next runs of one account. Schedules are read again when a task has changed, not at each look;
 * an instant is computed again only when it has passed, so a look at 10,000 tasks costs a scan.
 */
export class UpcomingRuns {
  readonly #db: Db;
  readonly #account: string;
  readonly #clock: Clock;
  readonly #stopsListening: (() => void)[];
  #entries: Entry[] = [];
  #calendars: CalendarRow[] = [];
  #isStale = true;
  #loadedAtMs = 0;

  constructor({ db, account, clock, notices }: UpcomingRunsDeps) {
    this.#db = db;
    this.#account = account;
    this.#clock = clock;
    this.#stopsListening = ['task', 'calendar'].map((readModel) =>
      notices.listen(readModel, account, () => {
        this.#isStale = true;
      }),
    );
  }

  stop(): void {
    for (const stop of this.#stopsListening) stop();
  }

  /** The soonest first. */
  async next(count: number): Promise<UpcomingRun[]> {
    const nowMs = this.#clock.now();
    if (this.#isStale || this.#clock.monotonic() - this.#loadedAtMs > UPCOMING_RELOAD_MS)
      await this.#load(nowMs);
    const soonest: Entry[] = [];
    for (const entry of this.#entries) {
      if (entry.nextMs <= nowMs) entry.nextMs = nextInstant(entry.rings, this.#calendars, nowMs);
      keepSoonest(soonest, entry, count);
    }
    return soonest.map(({ schedule, nextMs }) => ({
      taskId: schedule.task_id,
      taskName: schedule.taskName,
      scheduleId: schedule.id,
      scheduledAt: new Date(nextMs),
    }));
  }

  async #load(nowMs: number): Promise<void> {
    // Before the read: a change that comes during it makes the result stale again.
    this.#isStale = false;
    let rows: UpcomingSchedule[];
    try {
      rows = await ringingSchedules(this.#db, this.#account);
      this.#calendars = await calendarsOfSchedules(this.#db, this.#account, rows);
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
    this.#loadedAtMs = this.#clock.monotonic();
    this.#entries = rows.map((schedule) => {
      const rings = knownSchedule(schedule);
      return { schedule, rings, nextMs: nextInstant(rings, this.#calendars, nowMs) };
    });
  }
}

export interface UpcomingRunsDeps {
  readonly db: Db;
  readonly account: string;
  readonly clock: Clock;
  readonly notices: Notices;
}

function nextInstant(
  rings: StartingSchedule,
  calendars: readonly CalendarRow[],
  afterMs: number,
): number {
  return nextStartsOf(rings, calendars, afterMs, 1)[0] ?? Number.POSITIVE_INFINITY;
}

function keepSoonest(soonest: Entry[], entry: Entry, count: number): void {
  if (!Number.isFinite(entry.nextMs)) return;
  const last = soonest.at(-1);
  if (soonest.length === count && last !== undefined && last.nextMs <= entry.nextMs) return;
  const at = soonest.findIndex((one) => one.nextMs > entry.nextMs);
  soonest.splice(at < 0 ? soonest.length : at, 0, entry);
  if (soonest.length > count) soonest.pop();
}
