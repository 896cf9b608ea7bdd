import { type RawBuilder, sql, type Transaction } from 'kysely';
import {
  type ColumnOf,
  columnsOf,
  columnTypes,
  type KeyColumn,
  primaryKeyOf,
  type Row,
  type TableName,
} from './columns.js';
import type { ReadModel } from './tables.js';

/**
 * Reading and writing of whole sets of rows: one statement a table and batch, its rows as a single
 * JSON parameter. A parameter a value would end at 65,535 of them; arrays cost more to write out.
 */
type Tx = Transaction<ReadModel>;

/** Inserts; a row that is there already stays as it is. Gives the keys of those that were new. */
export async function insertNew<T extends TableName>(
  tx: Tx,
  table: T,
  rows: readonly Row<T>[],
): Promise<Pick<Row<T>, KeyColumn<T>>[]> {
  if (rows.length === 0) return [];
  const returned = names(primaryKeyOf(table));
  const statement = sql<Pick<Row<T>, KeyColumn<T>>>`${insertion(table, rows)} on conflict do nothing
    returning ${returned}`;
  return (await statement.execute(tx)).rows;
}

/** Inserts, or replaces the whole row. */
export async function upsert<T extends TableName>(
  tx: Tx,
  table: T,
  rows: readonly Row<T>[],
): Promise<void> {
  const keys: readonly string[] = primaryKeyOf(table);
  const others = columnsOf(table).filter((column) => !keys.includes(column));
  const assignments = others.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`);
  await upsertBy(tx, table, rows, sql`set ${sql.join(assignments)}`);
}

/** Inserts, or does `change` (`set ... where ...`) to the row that is there. */
export async function upsertBy<T extends TableName>(
  tx: Tx,
  table: T,
  rows: readonly Row<T>[],
  change: RawBuilder<unknown>,
): Promise<void> {
  if (rows.length === 0) return;
  await sql`${insertion(table, rows)}
    on conflict (${names(primaryKeyOf(table))}) do update ${change}`.execute(tx);
}

/** Sets these columns of rows that are there. */
export async function update<T extends TableName, C extends ColumnOf<T>>(
  tx: Tx,
  table: T,
  columns: readonly C[],
  rows: readonly Pick<Row<T>, C | KeyColumn<T>>[],
): Promise<void> {
  if (rows.length === 0) return;
  const keys: readonly ColumnOf<T>[] = primaryKeyOf(table);
  const assignments = columns.map((column) => sql`${sql.ref(column)} = ${incoming(table, column)}`);
  await sql`update ${sql.table(table)} as t set ${sql.join(assignments)}
    from ${recordset(table, [...keys, ...columns], rows)} where ${sameKey(keys)}`.execute(tx);
}

/** The rows of these keys that are there. */
export async function load<T extends TableName, C extends ColumnOf<T>>(
  tx: Tx,
  table: T,
  columns: readonly C[],
  keys: readonly Pick<Row<T>, KeyColumn<T>>[],
): Promise<Pick<Row<T>, C>[]> {
  return loadBy(tx, table, columns, { by: primaryKeyOf(table), keys });
}

/** The rows that have these values in the columns of `by`. */
export async function loadBy<T extends TableName, C extends ColumnOf<T>, K extends ColumnOf<T>>(
  tx: Tx,
  table: T,
  columns: readonly C[],
  { by, keys }: { readonly by: readonly K[]; readonly keys: readonly Pick<Row<T>, K>[] },
): Promise<Pick<Row<T>, C>[]> {
  if (keys.length === 0) return [];
  const types = columnTypes[table];
  const selected = columns.map((column) =>
    types[column] === 'jsonb'
      ? sql`t.${sql.ref(column)}::text as ${sql.ref(column)}`
      : sql`t.${sql.ref(column)}`,
  );
  const found = await sql<Pick<Row<T>, C>>`select ${sql.join(selected)}
    from ${sql.table(table)} as t join ${recordset(table, by, keys)} on ${sameKey(by)}`.execute(tx);
  return found.rows;
}

function insertion<T extends TableName>(table: T, rows: readonly Row<T>[]): RawBuilder<unknown> {
  const columns = columnsOf(table);
  const values = columns.map((column) => incoming(table, column));
  return sql`insert into ${sql.table(table)} (${names(columns)})
    select ${sql.join(values)} from ${recordset(table, columns, rows)}`;
}

/** `rows` as a table expression `x`; JSON columns come as text, and are cast where they are used. */
function recordset<T extends TableName>(
  table: T,
  columns: readonly ColumnOf<T>[],
  rows: readonly object[],
): RawBuilder<unknown> {
  const types = columnTypes[table];
  const typed = columns.map((column) => {
    const type = types[column] === 'jsonb' ? 'text' : types[column];
    return sql`${sql.ref(column)} ${sql.raw(type)}`;
  });
  return sql`json_to_recordset(${JSON.stringify(rows)}::json) as x(${sql.join(typed)})`;
}

function incoming<T extends TableName>(table: T, column: ColumnOf<T>): RawBuilder<unknown> {
  const value = sql`x.${sql.ref(column)}`;
  return columnTypes[table][column] === 'jsonb' ? sql`${value}::jsonb` : value;
}

function sameKey(columns: readonly string[]): RawBuilder<unknown> {
  const equal = columns.map((column) => sql`t.${sql.ref(column)} = x.${sql.ref(column)}`);
  return sql.join(equal, sql` and `);
}

function names(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(column)));
}
