/**
 * How this build folds. A snapshot of another version is not read: it may lack a field, or hold what an
 * older rule made of the same events. To be raised with every change that makes the fold of a log another
 * state, a new field of it among them: `fold-version.spec.ts` folds the golden logs, and fails when they
 * fold to something else under the same number.
 */
export const FOLD_VERSION = 3;
