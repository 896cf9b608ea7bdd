/** The statuses that a request may end with: `[from, to]`, both included. */
export type StatusRange = readonly [from: number, to: number];

const STATUS_MIN = 100;
const STATUS_MAX = 599;

/** Reads `204`, `"204"`, `"2xx"` or `"200-299"`; undefined for anything else. */
export function parseStatusRange(written: number | string): StatusRange | undefined {
  const text = String(written).trim().toLowerCase();
  if (/^[1-5]xx$/.test(text)) return [Number(text[0]) * 100, Number(text[0]) * 100 + 99];
  const match = /^(\d{3})(?:\s*-\s*(\d{3}))?$/.exec(text);
  if (match === null) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from >= STATUS_MIN && to <= STATUS_MAX && from <= to ? [from, to] : undefined;
}
