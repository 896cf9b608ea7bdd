/**
 * The address bar is the state, and people read it: `?status=failed,timeout&q=invoice`, not JSON in
 * percent signs. Every value is a string here; each route says what its own values mean.
 */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '') continue;
    params.set(key, Array.isArray(value) ? value.join(',') : String(value));
  }
  // Commas and colons may stand in a query as they are, and are easier to read so.
  const text = params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}

/** The known ones of a comma list, each once; undefined when none is left. */
export function oneOrMore<T extends string>(
  value: unknown,
  known: readonly T[],
): readonly T[] | undefined {
  const given = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  const found = known.filter((each) => given.includes(each));
  return found.length > 0 ? found : undefined;
}

export function oneOf<T extends string>(value: unknown, known: readonly T[]): T | undefined {
  return known.find((each) => each === value);
}

const MAX_TEXT = 200;

export function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const trimmed = value.slice(0, MAX_TEXT);
  return trimmed === '' ? undefined : trimmed;
}
