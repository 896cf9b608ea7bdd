/**
 * A timing in words. cronstrue tells the time of day, which it does well; what it tells wrongly is
 * said here: both day fields (it says "and" where cron means "or"), uneven steps ("every 35
 * minutes"), short lists of times, and the forms it does not know. The words never replace the next
 * instants; show both.
 */
import cronstrue from 'cronstrue';
import { formatLocal } from './calendar.js';
import { compileCron, valuesOf } from './compile.js';
import { describeDays, enumerate } from './describe-days.js';
import { describeRule } from './describe-rule.js';
import { formatDuration } from './duration.js';
import { ruleOf, sizeOf } from './fields.js';
import { localTimeAt } from './local-time.js';
import { type ParsedCron, type ParsedField } from './parsed.js';
import { compileRule } from './rrule.js';
import { type Timing } from './timing.js';

/** Up to this many times of day are listed one by one. */
const LISTED_TIMES = 6;

export function describeTiming(timing: Timing): string {
  switch (timing.kind) {
    case 'cron': {
      const { parsed } = compileCron(timing.expression);
      const time = describeTime(parsed);
      const days = describeDays(parsed) || (time.startsWith('At') && everyDay(parsed));
      return days ? `${time}, ${days}` : time;
    }
    case 'rrule':
      return describeRule(compileRule(timing));
    case 'every':
      return `Every ${formatDuration(timing.everyMs)}`;
    case 'at': {
      const { local, offset } = localTimeAt(timing.zone, timing.atMs);
      const [date, time] = local.split('T');
      return `Once, on ${date} at ${time} (${timing.zone}, ${formatOffset(offset)})`;
    }
  }
}

/** Only times of day need the word: "every 15 minutes" has no day. */
function everyDay(cron: ParsedCron): string {
  return valuesOf(cron.fields.hour).length < 24 ? 'every day' : '';
}

/** `UTC+05:45`. */
export function formatOffset(minutes: number): string {
  const whole = Math.round(Math.abs(minutes));
  const text = `${Math.floor(whole / 60)}`.padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${text}:${`${whole % 60}`.padStart(2, '0')}`;
}

function describeTime(cron: ParsedCron): string {
  const { second, minute, hour } = cron.fields;
  const seconds = valuesOf(second);
  const times = timesOfDay(seconds, valuesOf(minute), valuesOf(hour));
  if (times) return `At ${enumerate(times)}`;
  const exact = seconds.length === 1 && seconds[0] === 0;
  const minutes = () => say(`${mended(minute)} ${mended(hour)} * * *`);
  if (exact) return minutes();
  const inMinute = say(`${mended(second)} * * * * *`);
  const everyMinute = valuesOf(minute).length === 60 && valuesOf(hour).length === 24;
  if (everyMinute) return inMinute;
  const within = timesOfDay([0], valuesOf(minute), valuesOf(hour));
  if (within) return `${inMinute}, in the minute of ${enumerate(within)}`;
  return `${inMinute}, in these minutes: ${lowerFirst(minutes())}`;
}

function say(expression: string): string {
  return cronstrue.toString(expression, { use24HourTimeFormat: true, verbose: false });
}

/** All times of a day, when they are few enough to be listed. */
function timesOfDay(seconds: number[], minutes: number[], hours: number[]): string[] | undefined {
  if (seconds.length * minutes.length * hours.length > LISTED_TIMES) return undefined;
  const withSeconds = seconds.length > 1 || seconds[0] !== 0;
  const times: string[] = [];
  for (const hour of hours)
    for (const minute of minutes)
      for (const second of seconds)
        times.push(
          formatLocal(hour * 3600 + minute * 60 + second).slice(11, withSeconds ? 19 : 16),
        );
  return times;
}

/** The field with every step that does not come out even written as the list it means. */
function mended(field: ParsedField): string {
  const uneven = field.terms.some(
    (term) =>
      (term.kind === 'all' || term.kind === 'range') &&
      sizeOf(ruleOf(field.part)) % term.step !== 0,
  );
  return uneven ? valuesOf(field).join(',') : field.text;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
