/** What a cron expression and a recurrence rule have in common: a row of naive local times. */
export interface Recurrence {
  /** The first local second strictly after one, at or before `limit`; -1 when there is none. */
  next: (after: number, limit: number) => number;
  /** Follows the real minutes through a change of the clock, instead of fixed local times. */
  wild: boolean;
}
