// 10,000 cron items of graphile-worker, all due at one minute, up to the start of a no-op job.
// `node graphile-worker.mjs DATABASE_URL COUNT CONCURRENCY`; says one line of JSON.
import { Logger, parseCronItems, run } from 'graphile-worker';

const MINUTE_MS = 60_000;
/** Between the start of the worker and the minute. */
const LEAD_MS = 10_000;

const [connectionString, ...numbers] = process.argv.slice(2);
const [count, concurrency] = numbers.map(Number);
const atMs = Math.ceil((Date.now() + LEAD_MS) / MINUTE_MS) * MINUTE_MS;
const at = new Date(atMs);
const match = [
  ...[at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth() + 1, '*'],
].join(' ');
const items = Array.from({ length: count }, (_, place) => ({
  task: 'noop',
  match,
  identifier: `s${place}`,
}));

const lateMs = [];
await new Promise((resolve, reject) => {
  const noop = async () => {
    lateMs.push(Date.now() - atMs);
    if (lateMs.length === count) resolve();
  };
  run({
    // As its own page on performance has it: jobs fetched and completed in batches.
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
    taskList: { noop },
    parsedCronItems: parseCronItems(items),
    logger: new Logger(() => () => {}),
    noHandleSignals: true,
  }).catch(reject);
});
process.stdout.write(`${JSON.stringify({ lateMs })}\n`);
process.exit(0);
