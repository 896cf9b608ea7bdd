import { type Kysely, sql } from 'kysely';

/** `executions`, whose version rose, makes its rows anew. */
const statements = [
  `alter table execution
    add column planner_ms int8,
    add column queue_ms int8,
    add column limit_ms int8,
    add column retry_ms int8,
    add column worker_start_ms int8,
    add column user_code_ms int8,
    add column counted_until timestamptz,
    add column queued_at timestamptz`,
  `alter table attempt
    add column planner_ms int8,
    add column retry_ms int8,
    add column worker_start_ms int8,
    add column user_code_ms int8`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
