import {
  GRAPHQL_PAGE_MAX,
  LOG_PAGE_DEFAULT,
  LOG_PAGE_MAX,
  NEXT_RUNS_DEFAULT,
  NEXT_RUNS_MAX,
  PAGE_DEFAULT,
  RECENT_EXECUTIONS_MAX,
} from '../limits.js';
import { RequestProblem } from '../problems/problem.js';
import { type Unknown } from '../problems/unknown.js';
import { idText } from '../shapes/text.js';

/** Sizes that a caller asks for, within the limits. */
export const pageSize = (first: number | null | undefined) =>
  within('first', first ?? PAGE_DEFAULT, GRAPHQL_PAGE_MAX);
export const logPageSize = (limit: number | null | undefined) =>
  within('limit', limit ?? LOG_PAGE_DEFAULT, LOG_PAGE_MAX);
export const runsCount = (count: number | null | undefined) =>
  within('count', count ?? NEXT_RUNS_DEFAULT, NEXT_RUNS_MAX);
export const recentCount = (limit: number | null | undefined) =>
  within('limit', limit ?? 20, RECENT_EXECUTIONS_MAX);

function within(name: string, value: number, max: number): number {
  if (value >= 1 && value <= max) return value;
  throw new RequestProblem('invalid-request', `\`${name}\` has to be from 1 to ${max}.`, {
    faults: [{ path: `/${name}`, code: 'out-of-range', message: `It has to be from 1 to ${max}.` }],
  });
}

/** An id as it may stand in a query; one of another form is as unknown as any. */
export function isId(id: string): boolean {
  return idText.safeParse(id).success;
}

export function idOr(unknown: Unknown, id: string): string {
  if (!isId(id)) throw unknown(id);
  return id;
}

/** An input without its nulls: in GraphQL a field that is null and one left out mean the same. */
export function withoutNulls(value: unknown, keep: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutNulls(one, keep));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== null && one !== undefined)
      .map(([key, one]) => [key, keep.includes(key) ? one : withoutNulls(one, keep)]),
  );
}
