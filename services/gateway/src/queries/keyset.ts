import {
  type RawBuilder,
  type Selectable,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely';
import { z } from 'zod';
import { type ReadModel } from '#libs/read-model';
import { COUNT_MAX } from '../limits.js';
import { invalid } from '../problems/problem.js';
import { type Db } from './tasks.js';

/**
 * Lists that can be long, in an order that a cursor can resume: the values of the order's columns in
 * the last row that was told. Together they are unique, so no row is told twice and none is left out.
 */
export interface Order<R> {
  readonly columns: readonly (keyof R & string)[];
  readonly direction: 'asc' | 'desc';
  /** What a cursor holds, a value a column. */
  readonly place: z.ZodType<readonly unknown[]>;
}

/** Where in an order a page begins: behind these values. */
export type Place = readonly unknown[];

/** The kinds of columns that lists are ordered by. */
export const columnOf = {
  name: z.string().max(400),
  id: z.string().max(128),
  /** In epoch milliseconds; the log knows none finer. */
  time: z
    .int()
    .transform((ms) => new Date(ms))
    .refine((at) => !Number.isNaN(at.getTime())),
  /** A sequence, or a place in a chunk. */
  count: z.int().min(0),
  /** A revision is kept in four bytes. */
  int4: z.int().min(0).max(2_147_483_647),
  pass: z.int().min(0).max(1),
} as const;

export function cursorAt(place: Place): string {
  const values = place.map((value) => (value instanceof Date ? value.getTime() : value));
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

export function cursorOf<R>({ columns }: Order<R>, row: Pick<R, keyof R>): string {
  return cursorAt(columns.map((column) => row[column]));
}

export function placeAt<R>({ place }: Order<R>, cursor: string): Place {
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw invalid([
      {
        in: 'query',
        path: '/after',
        code: 'bad-cursor',
        message: 'This is not a cursor of this list.',
        remedy: 'Use the cursor of an earlier page as it is, or none.',
      },
    ]);
  }
}

/** Whether a row comes behind a place. */
export function behind<R>({ columns, direction }: Order<R>, place: Place): RawBuilder<SqlBool> {
  const row = sql.join(columns.map((column) => sql.ref(column)));
  const than = direction === 'asc' ? sql`>` : sql`<`;
  return sql<SqlBool>`(${row}) ${than} (${sql.join(place)})`;
}

/** The columns for `order by`. */
export function inOrder<R>({ columns, direction }: Order<R>): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql`${sql.ref(column)} ${sql.raw(direction)}`));
}

/** Which part of a list; a cursor and an offset are not given together. */
export interface Window {
  readonly limit: number;
  readonly after?: string | null | undefined;
  readonly offset?: number;
}

/** A part of a list. */
export interface Page<R> {
  readonly rows: readonly R[];
  readonly hasMore: boolean;
  readonly cursorOf: (row: R) => string;
}

/** The same, with how long the list is: counted up to one beyond the limit. */
export interface CountedPage<R> extends Page<R> {
  readonly counted: number;
}

/** One row more is read than asked for: it only says whether there are more. */
export async function readPage<T extends keyof ReadModel>(
  matching: SelectQueryBuilder<ReadModel, T, unknown>,
  order: Order<Selectable<ReadModel[T]>>,
  { limit, after, offset = 0 }: Window,
): Promise<Page<Selectable<ReadModel[T]>>> {
  const place = after ? placeAt(order, after) : undefined;
  const query = place === undefined ? matching : matching.where(behind(order, place));
  const found = (await query
    .selectAll()
    .orderBy(inOrder(order))
    .limit(limit + 1)
    .offset(offset)
    .execute()) as Selectable<ReadModel[T]>[];
  return {
    rows: found.slice(0, limit),
    hasMore: found.length > limit,
    cursorOf: (row) => cursorOf(order, row),
  };
}

export async function readCounted<T extends keyof ReadModel>(
  db: Db,
  matching: SelectQueryBuilder<ReadModel, T, unknown>,
  order: Order<Selectable<ReadModel[T]>>,
  window: Window,
): Promise<CountedPage<Selectable<ReadModel[T]>>> {
  const page = await readPage(matching, order, window);
  const { counted } = await db
    .selectFrom(
      matching
        .select(sql`1`.as('one'))
        .limit(COUNT_MAX + 1)
        .as('seen'),
    )
    .select((eb) => eb.fn.countAll<number>().as('counted'))
    .executeTakeFirstOrThrow();
  return { ...page, counted };
}

/** How long a list is, as far as it is counted. */
export function totalOf({ counted }: { readonly counted: number }) {
  return { total: Math.min(counted, COUNT_MAX), totalIsExact: counted <= COUNT_MAX };
}
