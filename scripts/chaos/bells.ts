/**
 * The schedules of a trial: in six zones whose clocks change at the same instant, so that one short
 * run sees all six of them change: by an hour in the night, at midnight, in the evening, and by two.
 */
import { localTimeAt } from '#libs/cron';
import { noopTask, type ScheduleDraft, type TaskDraft } from '#libs/rig';

export const ZONES = [
  'Europe/Berlin',
  'Europe/London',
  'Europe/Athens',
  'Atlantic/Azores',
  'America/Nuuk',
  'Antarctica/Troll',
];

/** Clocks of all six go forward at the one, and back at the other. */
export const CHANGES = ['2027-03-28T01:00:00Z', '2027-10-31T01:00:00Z'] as const;

const PER_ZONE = 50;
export const BELLS = PER_ZONE * ZONES.length;
/** What they come to together, in a time without a change. */
export const SLOTS_PER_SECOND = 90;

/** `dst` of the protocol: Vixie's, skip, wall. */
const POLICIES = [1, 2, 3];
const EACH_SECOND = 10;
const EACH_FIVE = 20;
const EACH_TEN = 10;

/** The tasks, a schedule each, around a change of the clocks. */
export function bells(changeMs: number): TaskDraft[] {
  return ZONES.flatMap((zone, place) =>
    Array.from({ length: PER_ZONE }, (_, index) =>
      noopTask({
        name: `${zone} ${index}`,
        schedules: [
          {
            zone,
            enabled: true,
            // Each kind of schedule meets each policy in some zone.
            dst: POLICIES[(index + place) % POLICIES.length],
            ...timing(index, zone, changeMs),
          } as ScheduleDraft,
        ],
      }),
    ),
  );
}

function timing(index: number, zone: string, changeMs: number): Partial<ScheduleDraft> {
  if (index < EACH_SECOND) return { cron: '* * * * * *' };
  if (index < EACH_SECOND + EACH_FIVE) return { cron: `${index % 5}-59/5 * * * * *` };
  if (index < EACH_SECOND + EACH_FIVE + EACH_TEN) return { cron: `${index % 10}-59/10 * * * * *` };
  switch (index) {
    case 40:
      return { every: { everyMs: 7_000, anchorMs: 0 } };
    case 41:
      return { atMs: changeMs + 3_000 };
    case 42:
      return {
        recurrence: { rule: 'FREQ=MINUTELY;BYSECOND=7,37', start: '2027-01-01T00:00:00' },
      };
    default:
      return { cron: fixedTime(index, zone, changeMs) };
  }
}

/**
 * Fixed times of the day just before the change, in what it swallows or shows twice, and just after
 * it: as the clock on the wall shows them, and as it would have shown them without a change.
 */
function fixedTime(index: number, zone: string, changeMs: number): string {
  const aroundMs = [-20_000, -5_000, -1_000, 0, 1_000, 5_000, 20_000][index - 43] ?? 0;
  const before = localTimeAt(zone, changeMs - 1_000).local;
  const wall = localTimeAt(zone, changeMs + aroundMs).local;
  const unchanged = new Date(Date.parse(`${before}Z`) + 1_000 + aroundMs).toISOString();
  const [hour, minute, second] = (index % 2 === 0 ? wall : unchanged).slice(11, 19).split(':');
  // Two times that a gap swallows together become one.
  const seconds = aroundMs === 20_000 ? `${Number(second)},${Number(second) + 1}` : Number(second);
  return `${seconds} ${Number(minute)} ${Number(hour)} * * *`;
}
