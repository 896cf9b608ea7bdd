import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';

/** graphile-worker over a Postgres, as its own page on performance has it: in batches. */
export async function open(connectionString) {
  const silent = new Logger(() => () => {});
  const pool = new pg.Pool({ connectionString, max: 10 });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const utils = await makeWorkerUtils({ pgPool: pool, logger: silent });
  let runner;
  const count = async () => {
    const { rows } = await pool.query('select count(*)::int as count from graphile_worker.jobs');
    return rows[0].count;
  };
  return {
    add: (index) => utils.addJob('noop', { index }),
    addMany: (indexes) =>
      utils.addJobs(indexes.map((index) => ({ identifier: 'noop', payload: { index } }))),
    work: async (concurrency, onStart) => {
      runner = await run({
        preset: {
          worker: {
            connectionString,
            maxPoolSize: 10,
            concurrentJobs: concurrency,
            localQueue: { size: 500 },
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0,
          },
        },
        taskList: { noop: async ({ index }) => onStart(index) },
        logger: silent,
        noHandleSignals: true,
      });
    },
    // What is done is deleted.
    isDone: async () => (await count()) === 0,
    left: async () => ({ what: 'rows', count: await count() }),
    close: async () => {
      await runner?.stop();
      await utils.release();
      await pool.end();
    },
  };
}
