import { z } from 'zod';
import { COUNT_MAX } from '../limits.js';
import { invalid } from '../problem.js';

/** One page of a list, as Relay has it. */
export interface Connection<T> {
  readonly edges: { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount: number;
  readonly totalIsExact: boolean;
}

/** A row's place in an order that a cursor can resume: by name or by time, then by id. */
export interface Keyset {
  /** A time is in epoch milliseconds; the log knows none finer. */
  readonly key: string | number;
  readonly id: string;
}

/** A revision is kept in four bytes. */
const INT4_MAX = 2_147_483_647;
const placeShape = z.tuple([z.int().min(0), z.int().min(0)]);
const keysetShape = z.tuple([z.union([z.string().max(400), z.int()]), z.string().max(128)]);

export function cursorOf({ key, id }: Keyset): string {
  return encode([key, id]);
}

function readCursor(cursor: string): Keyset {
  const [key, id] = decode(cursor, keysetShape);
  return { key, id };
}

/** A cursor of a list in the order of names. */
export function readNameCursor(cursor: string): { name: string; id: string } {
  const { key, id } = readCursor(cursor);
  if (typeof key !== 'string') throw badCursor();
  return { name: key, id };
}

/** A cursor of a list in the order of time. */
export function readTimeCursor(cursor: string): { at: Date; id: string } {
  const { key, id } = readCursor(cursor);
  if (typeof key !== 'number') throw badCursor();
  const at = new Date(key);
  if (Number.isNaN(at.getTime())) throw badCursor();
  return { at, id };
}

/** Where a line stands in the log: sequence of its chunk, and its place in the chunk. */
export interface LogPlace {
  readonly seq: number;
  readonly place: number;
}

export function logCursorOf({ seq, place }: LogPlace): string {
  return encode([seq, place]);
}

export function readLogCursor(cursor: string): LogPlace {
  const [seq, place] = decode(cursor, placeShape);
  return { seq, place };
}

/** Where a slot stands in the ledger. */
export interface SlotPlace {
  readonly dueAt: Date;
  readonly scheduleId: string;
  readonly revision: number;
  readonly local: string;
  readonly pass: number;
}

const slotShape = z.tuple([
  z.int(),
  z.string().max(128),
  z.int().min(0).max(INT4_MAX),
  z.string().max(128),
  z.int().min(0).max(1),
]);

export function slotCursorOf({ dueAt, scheduleId, revision, local, pass }: SlotPlace): string {
  return encode([dueAt.getTime(), scheduleId, revision, local, pass]);
}

export function readSlotCursor(cursor: string): SlotPlace {
  const [dueAtMs, scheduleId, revision, local, pass] = decode(cursor, slotShape);
  const dueAt = new Date(dueAtMs);
  if (Number.isNaN(dueAt.getTime())) throw badCursor();
  return { dueAt, scheduleId, revision, local, pass };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode<S extends z.ZodType>(cursor: string, shape: S): z.output<S> {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw badCursor();
  }
}

function badCursor(): Error {
  return invalid([
    {
      in: 'query',
      path: '/after',
      code: 'bad-cursor',
      message: 'This is not a cursor of this list.',
      remedy: 'Use the cursor of an earlier page as it is, or none.',
    },
  ]);
}

export interface Page<R> {
  readonly rows: readonly R[];
  readonly counted: number;
}

/** A page out of `first + 1` rows: the extra one only says that there are more. */
export function pageOf<R, T>(
  { rows, counted }: Page<R>,
  first: number,
  keysetOf: (row: R) => Keyset,
  node: (row: R) => T,
): Connection<T> {
  const shown = rows.slice(0, first);
  const edges = shown.map((row) => ({ cursor: cursorOf(keysetOf(row)), node: node(row) }));
  return {
    edges,
    pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null },
    ...totalOf(counted),
  };
}

/** `counted` went one beyond the limit at most. */
export function totalOf(counted: number): { totalCount: number; totalIsExact: boolean } {
  return { totalCount: Math.min(counted, COUNT_MAX), totalIsExact: counted <= COUNT_MAX };
}
