import type { ColumnType, JSONColumnType } from 'kysely';

/** bigint: read as string by pg, kept as number here by a parser set in `connect`. */
export type Int8 = ColumnType<number, number, number>;
export type Int8OrNull = ColumnType<number | null, number | null, number | null>;
export type Json<T> = JSONColumnType<T extends object ? T : never>;
export type JsonOrNull = ColumnType<unknown, string | null, string | null>;
