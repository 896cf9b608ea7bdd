import { type Kysely, sql } from 'kysely';

/** `slots`, whose version rose, makes its rows anew. */
const statements = [`alter table slot add column decided_at timestamptz`];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
