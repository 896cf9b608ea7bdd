/** Wrong password, no such user, no rule that lets it in from here. */
const REFUSALS = new Set(['28P01', '28000']);
/** The client ends the talk by itself when it lacks a password, and gives that no code. */
const PASSWORD_MISSING = /^SASL: .* client password must be/;

/** Postgres is there and does not let this process in: waiting would not help. */
export class DatabaseRefused extends Error {
  readonly code = 'database-refused';

  constructor(url: string, cause: unknown) {
    const { host, pathname } = new URL(url);
    super(
      `Postgres at ${host}${pathname} refuses the credential of this process: put the right one into DATABASE_URL (postgres://user:password@host:port/database)`,
      { cause },
    );
  }
}

/** The error to throw on: a refusal with its remedy, anything else as it is. */
export function withRemedy(error: unknown, url: string): unknown {
  const { code, message } = error as { code?: string; message?: string };
  const isRefusal = code === undefined ? PASSWORD_MISSING.test(message ?? '') : REFUSALS.has(code);
  return isRefusal ? new DatabaseRefused(url, error) : error;
}
