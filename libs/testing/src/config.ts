/** What the harness takes from the environment; everything else is a parameter. */
export const testEnvironment = {
  /** Address of the run's shelf of shared servers; set by the global set-up of the run. */
  shelf: process.env['CARILLON_TEST_SHELF'],
  /** A Postgres to use in place of the embedded one, e.g. to run the specs on another version. */
  databaseUrl: process.env['CARILLON_TEST_DATABASE_URL'],
  all: process.env,
};
