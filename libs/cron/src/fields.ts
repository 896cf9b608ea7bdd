/** The fields of an expression, in the order in which six are written; five start at the minute. */
import { type CronPart } from './timing.js';

export interface FieldRule {
  part: CronPart;
  label: string;
  min: number;
  /** Largest number that may be written; 7 is a second name of Sunday. */
  max: number;
  names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

export const fieldRules: readonly FieldRule[] = [
  { part: 'second', label: 'second', min: 0, max: 59 },
  { part: 'minute', label: 'minute', min: 0, max: 59 },
  { part: 'hour', label: 'hour', min: 0, max: 23 },
  { part: 'dayOfMonth', label: 'day of month', min: 1, max: 31 },
  { part: 'month', label: 'month', min: 1, max: 12, names: MONTHS },
  { part: 'dayOfWeek', label: 'day of week', min: 0, max: 7, names: WEEKDAYS },
];

export function ruleOf(part: CronPart): FieldRule {
  const rule = fieldRules.find((candidate) => candidate.part === part);
  if (!rule) throw new Error(`no such field: ${part}`);
  return rule;
}

/** How many different values a field has: Sunday counts once. */
export function sizeOf(rule: FieldRule): number {
  return rule.part === 'dayOfWeek' ? 7 : rule.max - rule.min + 1;
}

/** The number of a name, or -1. Capitals do not matter. */
export function numberOfName(rule: FieldRule, name: string): number {
  const index = rule.names?.indexOf(name.toUpperCase()) ?? -1;
  return index < 0 ? -1 : index + rule.min;
}

export const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
