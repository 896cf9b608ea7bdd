import { type Kysely, sql } from 'kysely';
import { primaryKeyOf, TABLE_NAMES, type TableName } from './columns.js';
import type { ReadModel } from './tables.js';

/** Rows a step of the walk that looks for the first difference. */
const PAGE_ROWS = 1_000;

/** Tables of one schema, over a connection made by `connect`: its settings fix how a value is printed. */
export interface TablesAt {
  readonly db: Kysely<ReadModel>;
  readonly schema: string;
}

export interface TableHash {
  readonly table: TableName;
  readonly rows: number;
  /** Equal for equal sets of rows, whatever order they were written in. */
  readonly hash: string;
}

/** The hash of every table. Positions are not rows: they say up to where these are the fold. */
export async function tableHashes(
  { db, schema }: TablesAt,
  tables: readonly TableName[] = TABLE_NAMES,
): Promise<TableHash[]> {
  const hashes: TableHash[] = [];
  for (const table of tables) hashes.push(await hashOf({ db, schema }, table));
  return hashes;
}

/** Sums of 64-bit parts of each row's SHA-256: needs no order, so no sort of a large table. */
async function hashOf({ db, schema }: TablesAt, table: TableName): Promise<TableHash> {
  const part = (at: number) =>
    sql`coalesce(sum(('x' || substr(digest, ${sql.lit(at)}, 16))::bit(64)::int8), 0)`;
  const { rows } = await sql<{ rows: number; one: string; other: string }>`
    select count(*) as rows, ${part(1)}::text as one, ${part(17)}::text as other
    from (
      select encode(sha256(convert_to(t::text, 'UTF8')), 'hex') as digest
      from ${sql.id(schema, table)} as t
    ) as digests`.execute(db);
  const [{ rows: count, one, other }] = rows as [{ rows: number; one: string; other: string }];
  return { table, rows: count, hash: `${count}.${one}.${other}` };
}

export interface Difference {
  readonly table: TableName;
  readonly key: Readonly<Record<string, unknown>>;
  /** The row as each side has it; undefined where it is missing. */
  readonly left: Readonly<Record<string, unknown>> | undefined;
  readonly right: Readonly<Record<string, unknown>> | undefined;
}

/** The first row, by table and primary key, that the two do not have alike; undefined when all are equal. */
export async function compareTables(
  left: TablesAt,
  right: TablesAt,
  tables: readonly TableName[] = TABLE_NAMES,
): Promise<Difference | undefined> {
  for (const table of tables) {
    const [one, other] = await Promise.all([hashOf(left, table), hashOf(right, table)]);
    if (one.hash === other.hash) continue;
    const difference = await firstDifference(left, right, table);
    if (difference) return difference;
  }
  return undefined;
}

interface KeyedRow {
  readonly key: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly row: Readonly<Record<string, unknown>>;
}

async function firstDifference(
  left: TablesAt,
  right: TablesAt,
  table: TableName,
): Promise<Difference | undefined> {
  let after: KeyedRow | undefined;
  for (;;) {
    const [ones, others] = await Promise.all([page(left, table, after), page(right, table, after)]);
    const length = Math.max(ones.length, others.length);
    for (let i = 0; i < length; i++) {
      const one = ones[i];
      const other = others[i];
      if (one?.text !== other?.text) return difference(table, one, other);
    }
    if (length < PAGE_ROWS) return undefined;
    after = ones.at(-1);
  }
}

function difference(
  table: TableName,
  one: KeyedRow | undefined,
  other: KeyedRow | undefined,
): Difference {
  const order = one && other ? compareKeys(table, one.key, other.key) : one ? -1 : 1;
  // The smaller key is the one that the other side lacks.
  const left = order <= 0 ? one : undefined;
  const right = order >= 0 ? other : undefined;
  return { table, key: (left ?? right)?.key ?? {}, left: left?.row, right: right?.row };
}

async function page(
  { db, schema }: TablesAt,
  table: TableName,
  after: KeyedRow | undefined,
): Promise<KeyedRow[]> {
  const key: readonly string[] = primaryKeyOf(table);
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const beyond = after
    ? sql`where (${columns}) > (${sql.join(key.map((column) => after.key[column]))})`
    : sql``;
  const { rows } = await sql<Record<string, unknown> & { row_text: string; row_json: object }>`
    select ${columns}, t::text as row_text, to_jsonb(t) as row_json
    from ${sql.id(schema, table)} as t ${beyond}
    order by ${columns} limit ${sql.lit(PAGE_ROWS)}`.execute(db);
  return rows.map(({ row_text, row_json, ...of }) => ({
    key: of,
    text: row_text,
    row: row_json as Record<string, unknown>,
  }));
}

/** In the order of the primary key: texts by their bytes, as in columns of `collate "C"`. */
function compareKeys(table: TableName, one: KeyedRow['key'], other: KeyedRow['key']): number {
  for (const column of primaryKeyOf(table) as readonly string[]) {
    const a = one[column];
    const b = other[column];
    const order =
      typeof a === 'string'
        ? Buffer.compare(Buffer.from(a), Buffer.from(String(b)))
        : Number(a) - Number(b);
    if (order !== 0) return order;
  }
  return 0;
}
