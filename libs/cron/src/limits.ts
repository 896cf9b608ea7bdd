/** Every bound of this library. Nothing here may run, grow or be accepted without one. */

/** Longest cron expression that is read at all. */
export const MAX_EXPRESSION_LENGTH = 256;

/**
 * How far ahead the next slot is searched. The longest honest silence is forty years: 29 February
 * on a Sunday, from 2088 to 2128, across the missing leap day of 2100.
 */
export const HORIZON_YEARS = 41;

/** Time that the library speaks of: the portable range of the Open Cron Pattern Specification. */
export const EARLIEST_MS = 0;
export const LATEST_MS = 7_258_118_400_000; // 2200-01-01T00:00:00Z

/** A gap longer than this is a skipped day (Apia 2011), not a skipped hour: nothing is made up. */
export const LONGEST_FOLDED_GAP_S = 3 * 3600;

/** Intervals: one second to ten years. */
export const MIN_EVERY_MS = 1000;
export const MAX_EVERY_MS = 10 * 366 * 86_400_000;

/** Compiled expressions kept, about 1 kB each. */
export const MAX_CACHED_EXPRESSIONS = 8192;

/** Zones kept, with their transitions; more than there are. */
export const MAX_CACHED_ZONES = 1024;

/** Slots that one call of `slotsBetween` may return. */
export const MAX_SLOTS = 1_000_000;

/** How far ahead the lints look for gaps and overlaps that touch a timing. */
export const DST_OUTLOOK_DAYS = 400;

/** Slots that a preview shows at most. */
export const MAX_PREVIEW_SLOTS = 1000;

/** Recurrence rules. */
export const MAX_RULE_LENGTH = 512;
export const MAX_RULE_INTERVAL = 10_000;
export const MAX_RULE_COUNT = 10_000;
/** Periods looked at in one search; an hourly rule has 360,000 within the horizon. */
export const MAX_RULE_STEPS = 1_000_000;
/** Compiled rules kept. */
export const MAX_CACHED_RULES = 2048;
