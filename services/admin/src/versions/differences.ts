/** What one version of a schedule says otherwise than the one before, field by field. Pure. */
export interface Difference {
  field: string;
  /** Undefined: not said. */
  before: string | undefined;
  after: string | undefined;
}

/** A value as one reads it; what is absent, empty or the name of a type is not said. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join('; ') || undefined;
  const said = Object.entries(value)
    .filter(([key]) => key !== '__typename')
    .flatMap(([key, each]) => {
      const text = textOf(each);
      return text === undefined ? [] : [`${key} ${text}`];
    });
  return said.length === 0 ? undefined : said.join(', ');
}

export function differencesOf(before: object | undefined, after: object): readonly Difference[] {
  const old = new Map(Object.entries(before ?? {}));
  return Object.entries(after)
    .filter(([field]) => field !== '__typename')
    .map(([field, value]) => ({ field, before: textOf(old.get(field)), after: textOf(value) }))
    .filter((each) => each.before !== each.after);
}
