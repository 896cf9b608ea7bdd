/** Bounds and durations of dispatch, each named here once. */

/** What a worker gave back without having begun waits this long, for it was given in a race. */
export const DECLINED_PAUSE_MS = 50;
/** A worker ends an attempt at its timeout. One that tells no end this long after it counts as lost. */
export const OVERDUE_AFTER_MS = 30_000;
/** A cancelled attempt whose worker tells no end within this time counts as lost. */
export const CANCEL_OVERDUE_AFTER_MS = 30_000;
/** Commands under a caller's key (Idempotency-Key) are recognised when repeated within this time. */
export const COMMAND_MEMORY_MS = 24 * 3_600_000;
export const COMMAND_MEMORY_COUNT = 200_000;
/** All others: long enough for a gateway that sends one again until it is answered. */
export const COMMAND_REPEAT_MS = 10 * 60_000;
export const COMMAND_REPEAT_COUNT = 200_000;
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
/** Children of one run that are open at a time. */
export const CHILDREN_OPEN_MAX = 1_000;
/** Of a child's error that is told to its parent. */
export const CHILD_ERROR_CHARS = 1_000;
/** Ends of children that go with one offer; the rest go with the next. */
export const CHILD_ENDS_OFFERED_BYTES = 200_000;
/** An execution that took its worker or its process with it so often is not tried again. */
export const POISON_CRASHES = 3;
/** Codes of a loss, and of a child that ended without a word. */
export const CRASH_CODES: ReadonlySet<string> = new Set([
  'WORKER_LOST',
  'ATTEMPT_OVERDUE',
  'CHILD_CRASHED',
]);
/** The end of an attempt whose process others took down with them; it is handed back. */
export const SHARED_LOSS_CODE = 'CHILD_SHARED_LOST';
/** So often it is nobody's fault; one that is there whenever a process goes down may be the reason. */
export const SHARED_LOSSES_FREE = 3;
/** Dead letters of an account, and the size of their inputs; the oldest beyond it are discarded. */
export const DEAD_LETTERS_MAX = 10_000;
export const DEAD_LETTER_BYTES_MAX = 16 * 1024 * 1024;
/** Of the error's message in a dead letter; the whole is with the attempt. */
export const DEAD_LETTER_MESSAGE_CHARS = 500;
/** Dead letters of one redrive, or of one discarding: it has to fit into one message. */
export const REDRIVE_MAX = 5_000;
export const REDRIVE_PER_MINUTE_MAX = 6_000;
/** Open redrives of an account. */
export const REDRIVES_OPEN_MAX = 20;
/** Runs of one redrive that one decision starts, and the size of their inputs. */
export const REDRIVE_STARTS_PER_DECISION = 200;
export const REDRIVE_BYTES_PER_DECISION = 200_000;
/** After an outage a redrive starts at most so much of its pace at once. */
export const REDRIVE_BURST_MS = 1_000;
/**
 * So long a wait lifts a priority by one class. Above the highest comes a class of those that have
 * waited longest, whom nobody overtakes that came later: a low one is there after four steps.
 */
export const AGEING_STEP_MS = 5 * 60_000;
/** Waits are counted by their age in steps of this, for a place in the queue that is told at a request. */
export const AGE_BUCKET_MS = 30_000;
/** Accounts whose shares are compared for a place in the queue that is told. */
export const ACCOUNTS_COMPARED = 50;
/** Releases of one key that a rate can count. */
export const RATE_COUNT_MAX = 10_000;
/** Keys that nobody is under, looked at with each request, to be forgotten. */
export const SWEPT_PER_REQUEST = 4;
