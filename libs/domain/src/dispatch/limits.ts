/** Bounds and durations of dispatch, each named here once. */

/** An offer lives 4 s in the queue of offers; after this long without a claim it is made anew. */
export const UNCLAIMED_AFTER_MS = 6_000;
/** A worker ends an attempt at its timeout. One that tells no end this long after it counts as lost. */
export const OVERDUE_AFTER_MS = 30_000;
/** A cancelled attempt whose worker tells no end within this time counts as lost. */
export const CANCEL_OVERDUE_AFTER_MS = 30_000;
/** Commands are recognised when repeated within this time (Idempotency-Key). */
export const COMMAND_MEMORY_MS = 24 * 3_600_000;
export const COMMAND_MEMORY_COUNT = 200_000;
/** Slots of a pool of which no worker has been heard. */
export const NO_SLOTS = 0;
/** Weight of the newest duration in the running mean behind an estimated start. */
export const DURATION_WEIGHT = 0.2;
/** Assumed duration before the first one is seen. */
export const DURATION_GUESS_MS = 1_000;
/** What falls due at once is decided in parts: a commit has to fit into one message. */
export const DUE_PER_DECISION = 1_000;
/** The same for releases. */
export const RELEASES_PER_DECISION = 1_000;
/** Runs that may wait under "buffer all", unless the schedule says otherwise. */
export const BUFFER_LIMIT = 100;
/** Slots of one backfill: its start has to fit into one message. */
export const BACKFILL_SLOTS_MAX = 5_000;
export const BACKFILL_CONCURRENCY_MAX = 1_000;
/** Runs of one backfill that one decision starts. */
export const BACKFILL_STARTS_PER_DECISION = 200;
