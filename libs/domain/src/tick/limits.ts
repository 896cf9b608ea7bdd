/** Bounds and durations of the ticker's decisions. */

/** A start within a minute of its instant is on time (requirements: schedule accuracy). */
export const GRACE_MS = 60_000;
/** Late slots older than this are not caught up, unless the schedule says otherwise. */
export const CATCH_UP_WINDOW_MS = 24 * 3_600_000;
/** Late slots that a schedule catches up when it wants all of them and names no limit. */
export const CATCH_UP_LIMIT = 100;
/** Slots of one commit: about 250 bytes each, well under the broker's 1 MB. */
export const SLOTS_PER_COMMIT = 2_000;
/** Slots that a replaced definition may leave behind; beyond it the plan is not live, and a bug. */
export const OWED_LIMIT = 100_000;
