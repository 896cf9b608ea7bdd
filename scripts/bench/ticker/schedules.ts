import { create, type MessageInitShape, task as t } from '#libs/contracts';
import { taskIdOf } from '#libs/domain';

export const EXPRESSIONS = 2_000;
/** Of these, each of ten rings every ten seconds, one after the other. */
const FREQUENT_EXPRESSIONS = 10;
/** Schedules of each of those ten: 100 slots a second. The daily ones of a million add some ten. */
const FREQUENT_EACH = 100;
const FREQUENT = FREQUENT_EXPRESSIONS * FREQUENT_EACH;

/** Thirty zones of all continents, with and without summer time. */
export const ZONES = [
  ...['UTC', 'Europe/Berlin', 'Europe/London', 'Europe/Madrid', 'Europe/Warsaw', 'Europe/Athens'],
  ...['Europe/Istanbul', 'Africa/Cairo', 'Africa/Lagos', 'Africa/Nairobi', 'Africa/Casablanca'],
  ...['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'],
  ...['America/Sao_Paulo', 'America/Bogota', 'America/Mexico_City', 'America/St_Johns'],
  ...['America/Havana', 'Asia/Tokyo', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Shanghai'],
  ...['Asia/Dubai', 'Asia/Singapore', 'Australia/Sydney', 'Australia/Lord_Howe'],
  ...['Pacific/Auckland', 'Pacific/Chatham'],
] as const;

export interface BenchTask {
  readonly id: string;
  readonly created: t.TaskCreated;
}

type Schedule = Exclude<MessageInitShape<typeof t.ScheduleSchema>, t.Schedule>;

/** One of the many: most ring once a day, each at a second of its own expression. */
export function backgroundTask(place: number): BenchTask {
  const zone = ZONES[place % ZONES.length];
  if (place < FREQUENT)
    return taskOf(`tick-${place}`, {
      cron: `${place % FREQUENT_EXPRESSIONS}-59/10 * * * * *`,
      zone,
    });
  const daily = place % (EXPRESSIONS - FREQUENT_EXPRESSIONS);
  // A step that shares no factor with the seconds of a day: the expressions lie all over it.
  const second = (daily * 36_007) % 86_400;
  const at = [second % 60, Math.floor(second / 60) % 60, Math.floor(second / 3_600)];
  return taskOf(`day-${place}`, { cron: `${at.join(' ')} * * *`, zone });
}

/** One of a herd: all of them ring at one instant, each by the clock of its zone. */
export function herdTask(name: string, place: number, atMs: number): BenchTask {
  const zone = ZONES[place % ZONES.length] ?? 'UTC';
  return taskOf(`${name}-${place}`, { cron: `${localFields(zone, atMs)} *`, zone });
}

/** Second, minute, hour, day and month that a zone's clock shows. */
function localFields(zone: string, atMs: number): string {
  const shown = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(new Date(atMs));
  const part = (type: string) => Number(shown.find((one) => one.type === type)?.value);
  return [part('second'), part('minute'), part('hour'), part('day'), part('month')].join(' ');
}

function taskOf(name: string, schedule: Schedule): BenchTask {
  const id = taskIdOf(name);
  const created = create(t.TaskCreatedSchema, {
    taskId: id,
    name,
    type: t.TaskType.SYSTEM,
    target: { systemTask: 'noop' },
    parametersJson: '{}',
    settings: {
      timeoutMs: 60_000,
      retryPolicy: { maxRetries: 0, initialDelayMs: 0, backoffMultiplier: 1, maxDelayMs: 0 },
    },
    schedules: [{ id: taskIdOf(`schedule-${name}`), revision: 1, enabled: true, ...schedule }],
    enabled: true,
  });
  return { id, created };
}
