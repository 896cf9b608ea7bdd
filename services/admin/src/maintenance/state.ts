/** Where a maintenance stands, by the server's clock: pages know it between two answers. Pure. */
export const aftermaths = ['latest', 'skip', 'all'] as const;
export type Aftermath = (typeof aftermaths)[number];

export const scopes = ['account', 'system'] as const;
export type Scope = (typeof scopes)[number];

export type MaintenanceState = 'planned' | 'active' | 'over';

interface Span {
  from: string;
  until: string | null;
  endedAt: string | null;
}

/** Null: until it is ended. */
export const endOf = ({ until, endedAt }: Span): number | null => {
  const end = endedAt ?? until;
  return end === null ? null : Date.parse(end);
};

export function stateOf(span: Span, nowMs: number): MaintenanceState {
  const end = endOf(span);
  if (end !== null && end <= nowMs) return 'over';
  return Date.parse(span.from) <= nowMs ? 'active' : 'planned';
}

/** Of those that hold now, the one that holds longest: while it lasts, nothing starts. */
export function holding<T extends Span>(spans: readonly T[], nowMs: number): T | undefined {
  const endFor = (span: T): number => endOf(span) ?? Number.POSITIVE_INFINITY;
  return spans
    .filter((span) => stateOf(span, nowMs) === 'active')
    .reduce<T | undefined>((a, b) => (a && endFor(a) >= endFor(b) ? a : b), undefined);
}

/** What a `datetime-local` field holds, by the clock of the page; nothing while it is empty. */
export function instantOf(field: string, zone: 'local' | 'utc'): number | undefined {
  const ms = Date.parse(zone === 'utc' ? `${field}Z` : field);
  return Number.isNaN(ms) ? undefined : ms;
}
