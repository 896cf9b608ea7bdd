import { type Kysely, sql } from 'kysely';

/** `definitions` and `executions`, whose versions rose, make their rows anew. */
const statements = [
  `alter table pool add column compute_rate_micros int8 not null default 0`,
  `alter table account_limits add column currency text not null default ''`,
  `alter table execution
    add column compute_cost_micros int8,
    add column api_cost_micros int8,
    add column currency text`,
  `alter table attempt
    add column compute_cost_micros int8,
    add column api_cost_micros int8,
    add column currency text`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
