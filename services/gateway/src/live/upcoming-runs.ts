import { type Clock } from '#libs/clock';
import { SYSTEM_ACCOUNT } from '#libs/contracts';
import { type Ahead } from '#libs/domain';
import { UPCOMING_RELOAD_MS } from '../limits.js';
import { ringingSchedules, type UpcomingSchedule } from '../queries/dashboard.js';
import { type Db } from '../queries/tasks.js';
import { surroundingsNow } from '../schedules/around-schedule.js';
import { planAround, type Surroundings } from '../schedules/judge-slots.js';
import { aheadOf, nextStartsOf } from '../schedules/next-starts.js';
import { knownSchedule } from '../tasks/task-of-rows.js';
import { type Notices } from './notices.js';

export interface UpcomingRun {
  readonly taskId: string;
  readonly taskName: string;
  readonly scheduleId: string;
  readonly scheduledAt: Date;
}

interface Entry {
  readonly schedule: UpcomingSchedule;
  /** Of its whole task. */
  readonly ahead: Ahead;
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
  #isStale = true;
  #loadedAtMs = 0;

  constructor({ db, account, clock, notices }: UpcomingRunsDeps) {
    this.#db = db;
    this.#account = account;
    this.#clock = clock;
    const sources = [
      ['task', account],
      ['calendar', account],
      ['maintenance', account],
      ['maintenance', SYSTEM_ACCOUNT],
    ] as const;
    this.#stopsListening = sources.map(([readModel, owner]) =>
      notices.listen(readModel, owner, () => {
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
      if (entry.nextMs <= nowMs) entry.nextMs = nextInstant(entry, nowMs);
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
    let around: Surroundings;
    try {
      rows = await ringingSchedules(this.#db, this.#account);
      around = await surroundingsNow(this.#db, this.#account, rows, nowMs);
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
    this.#loadedAtMs = this.#clock.monotonic();
    const plan = planAround(around);
    this.#entries = [...Map.groupBy(rows, ({ task_id }) => task_id).values()].flatMap((ofTask) => {
      const ahead = aheadOf({ schedules: ofTask.map(knownSchedule), paused: false }, plan, nowMs);
      return ofTask.map((schedule) => {
        const entry = { schedule, ahead };
        return { ...entry, nextMs: nextInstant(entry, nowMs) };
      });
    });
  }
}

export interface UpcomingRunsDeps {
  readonly db: Db;
  readonly account: string;
  readonly clock: Clock;
  readonly notices: Notices;
}

function nextInstant({ ahead, schedule }: Omit<Entry, 'nextMs'>, afterMs: number): number {
  return nextStartsOf(ahead, schedule.id, afterMs, 1)[0] ?? Number.POSITIVE_INFINITY;
}

function keepSoonest(soonest: Entry[], entry: Entry, count: number): void {
  if (!Number.isFinite(entry.nextMs)) return;
  const last = soonest.at(-1);
  if (soonest.length === count && last !== undefined && last.nextMs <= entry.nextMs) return;
  const at = soonest.findIndex((one) => one.nextMs > entry.nextMs);
  soonest.splice(at < 0 ? soonest.length : at, 0, entry);
  if (soonest.length > count) soonest.pop();
}
