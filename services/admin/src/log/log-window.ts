/**
 * The lines of one run that the page keeps: the newest `MAX_LINES`, each once, in the order of the
 * log. History and tail may overlap, and after a reconnect the server sends again from the last
 * cursor: what is known already is dropped by its cursor. Pure but for the ring it is built in.
 */
export interface LogLine {
  /** Unique within the run. */
  cursor: string;
  timestamp: string;
  level: LogLevel;
  message: string;
  metadata: unknown;
  attempt: number;
  /** From 1 within its attempt. */
  line: number;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export const MAX_LINES = 20_000;

export interface LogWindow {
  lines: readonly LogLine[];
  /** Where the tail goes on after a reconnect. */
  cursor: string | undefined;
  /** Lines that were let go at the top. */
  dropped: number;
  counts: Readonly<Record<LogLevel, number>>;
  known: ReadonlySet<string>;
}

export const emptyWindow: LogWindow = {
  lines: [],
  cursor: undefined,
  dropped: 0,
  counts: { debug: 0, info: 0, warn: 0, error: 0 },
  known: new Set(),
};

export function addLines(
  window: LogWindow,
  incoming: readonly LogLine[],
  cursor?: string | null,
): LogWindow {
  const next = cursor ?? incoming.at(-1)?.cursor ?? window.cursor;
  const known = window.known as Set<string>;
  const fresh: LogLine[] = [];
  for (const line of incoming) {
    if (known.has(line.cursor)) continue;
    known.add(line.cursor);
    fresh.push(line);
  }
  if (fresh.length === 0) return next === window.cursor ? window : { ...window, cursor: next };
  const counts = { ...window.counts };
  for (const line of fresh) counts[line.level] += 1;
  let lines = window.lines.concat(fresh);
  let { dropped } = window;
  if (lines.length > MAX_LINES) {
    // A tenth at once, so that a fast log does not copy the window for every line.
    const leaving = lines.length - MAX_LINES + MAX_LINES / 10;
    for (const line of lines.slice(0, leaving)) {
      known.delete(line.cursor);
      counts[line.level] -= 1;
    }
    lines = lines.slice(leaving);
    dropped += leaving;
  }
  return { lines, cursor: next, dropped, counts, known };
}

/** A window for another run, or for the same one read anew. */
export const newWindow = (): LogWindow => ({ ...emptyWindow, known: new Set() });

export interface LogFilter {
  /** Lines of this level and above. */
  level: LogLevel;
  attempt?: number | undefined;
  /** Plain text, in any capitals. */
  text?: string | undefined;
}

export function filterLines(lines: readonly LogLine[], filter: LogFilter): readonly LogLine[] {
  const least = logLevels.indexOf(filter.level);
  const text = filter.text?.toLowerCase();
  if (least === 0 && filter.attempt === undefined && !text) return lines;
  return lines.filter(
    (line) =>
      logLevels.indexOf(line.level) >= least &&
      (filter.attempt === undefined || line.attempt === filter.attempt) &&
      (!text || line.message.toLowerCase().includes(text)),
  );
}
