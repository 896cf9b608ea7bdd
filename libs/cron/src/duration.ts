/** Durations as people write them: `90s`, `1h30m`, `2d`, and ISO 8601 `PT90M`. */
const UNITS: readonly { letter: string; name: string; ms: number }[] = [
  { letter: 'd', name: 'day', ms: 86_400_000 },
  { letter: 'h', name: 'hour', ms: 3_600_000 },
  { letter: 'm', name: 'minute', ms: 60_000 },
  { letter: 's', name: 'second', ms: 1000 },
  { letter: 'ms', name: 'millisecond', ms: 1 },
];

const SHORT = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;
const ISO = /^P(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/;

/** Milliseconds, or undefined when the text is no duration. Months and years have no fixed length. */
export function parseDuration(text: string): number | undefined {
  const match = SHORT.exec(text) ?? ISO.exec(text);
  const parts = match?.slice(1) ?? [];
  if (parts.every((part) => part === undefined)) return undefined;
  return parts.reduce((sum, part, i) => sum + Number(part ?? 0) * UNITS[i].ms, 0);
}

/** The shortest text that `parseDuration` reads back: `1h30m`. */
export function writeDuration(ms: number): string {
  return split(ms)
    .map(({ count, unit }) => `${count}${unit.letter}`)
    .join('');
}

/** `minute`, `90 seconds`, `1 hour 30 minutes`. A single unit of one is named without its number. */
export function formatDuration(ms: number): string {
  const parts = split(ms);
  if (parts.length === 1 && parts[0].count === 1) return parts[0].unit.name;
  return parts.map(({ count, unit }) => `${count} ${unit.name}${count === 1 ? '' : 's'}`).join(' ');
}

function split(ms: number): { count: number; unit: (typeof UNITS)[number] }[] {
  const parts: { count: number; unit: (typeof UNITS)[number] }[] = [];
  let rest = ms;
  for (const unit of UNITS) {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    if (count > 0) parts.push({ count, unit });
  }
  return parts;
}
