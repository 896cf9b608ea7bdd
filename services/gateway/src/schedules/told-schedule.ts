import { writeDuration } from '#libs/cron';
import { type DefinedSchedule } from './schedule-definition.js';

/** A schedule as the API tells it: in the very words that it takes. */
export function toldSchedule(schedule: DefinedSchedule) {
  const { timing, name, zone, dst, enabled, catchUp, overlap, calendars, parameters } = schedule;
  const { windowSeconds, ...caught } = catchUp;
  return {
    name,
    ...toldTiming(timing),
    timezone: zone,
    dst,
    enabled,
    ...(schedule.from === undefined ? {} : { from: schedule.from }),
    ...(schedule.until === undefined ? {} : { until: schedule.until }),
    ...(schedule.maxRuns === undefined ? {} : { maxRuns: schedule.maxRuns }),
    catchUp: { ...caught, ...textOf('window', windowSeconds) },
    ...textOf('startDeadline', schedule.startDeadlineSeconds),
    overlap,
    ...textOf('spread', schedule.spreadSeconds),
    ...textOf('jitter', schedule.jitterSeconds),
    calendars,
    ...(parameters === undefined ? {} : { parameters }),
  };
}

interface ToldTiming {
  readonly cron?: string;
  readonly every?: string;
  readonly anchor?: string;
  readonly at?: string;
  readonly rrule?: string;
  readonly start?: string;
}

function toldTiming(timing: DefinedSchedule['timing']): ToldTiming {
  if ('every' in timing) return { every: writeDuration(timing.every), anchor: timing.anchor };
  return timing;
}

function textOf<K extends string>(key: K, seconds: number | undefined): { [P in K]?: string } {
  const text = seconds === undefined ? '' : writeDuration(Math.round(seconds * 1_000));
  return (text === '' ? {} : { [key]: text }) as { [P in K]?: string };
}
