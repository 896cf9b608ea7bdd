/** What the grammar makes of a text. */
import { type CronPart, type Problem } from './timing.js';

/** One item of a field's list. `at` is its index in the expression. */
export type Term = { at: number; text: string } & (
  | { kind: 'all'; step: number }
  | { kind: 'value'; value: number }
  | { kind: 'range'; from: number; to: number; step: number }
  /** `L`, and `L-2`: two days before it. */
  | { kind: 'last'; before: number }
  /** `15W`. */
  | { kind: 'nearest'; day: number }
  /** `LW`. */
  | { kind: 'last-workday' }
  /** `5#2`, `5#L`, `5L`. */
  | { kind: 'nth'; weekday: number; nth: 1 | 2 | 3 | 4 | 5 | 'last' }
);

export interface ParsedField {
  part: CronPart;
  text: string;
  at: number;
  /** Cron's star bit: the field starts with a wildcard, and so restricts nothing or "every n". */
  star: boolean;
  terms: Term[];
}

export interface ParsedCron {
  source: string;
  macro?: string;
  /** Six fields were written. */
  hasSeconds: boolean;
  fields: Record<CronPart, ParsedField>;
  /** `+` before the day of week: both day fields must match. */
  plus: boolean;
  /**
   * Cron's wildcard jobs: the second, minute or hour field starts with `*`. They follow the real
   * minutes through a DST change; all others have fixed local times.
   */
  wild: boolean;
}

export interface Token {
  text: string;
  at: number;
}

export function refuse(problem: Omit<Problem, 'field'>): Problem {
  return { field: 'cron', ...problem };
}
