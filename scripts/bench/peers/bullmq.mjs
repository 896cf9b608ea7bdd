// 10,000 job schedulers of BullMQ, all due at one instant, up to the start of a no-op job.
// `node bullmq.mjs REDIS_PORT COUNT CONCURRENCY`; says one line of JSON.
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

const AT_ONCE = 200;
/** Between the last scheduler and the instant. */
const LEAD_MS = 3_000;

const [port, count, concurrency] = process.argv.slice(2).map(Number);
const connect = () => new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null });
const queue = new Queue('bench', { connection: connect() });

// Making one takes well under a millisecond; the instant has to lie behind all of them.
const atMs = Math.ceil((Date.now() + count + LEAD_MS) / 1_000) * 1_000;
const at = new Date(atMs);
const pattern = [
  ...[at.getUTCSeconds(), at.getUTCMinutes(), at.getUTCHours()],
  ...[at.getUTCDate(), at.getUTCMonth() + 1, '*'],
].join(' ');
for (let made = 0; made < count; made += AT_ONCE)
  await Promise.all(
    Array.from({ length: AT_ONCE }, (_, place) =>
      queue.upsertJobScheduler(`s${made + place}`, { pattern, tz: 'UTC' }, { name: 'noop' }),
    ),
  );
if (Date.now() >= atMs) throw new Error('the schedulers were not made in time');

const lateMs = [];
let worker;
await new Promise((resolve) => {
  const noop = async () => {
    lateMs.push(Date.now() - atMs);
    if (lateMs.length === count) resolve();
  };
  worker = new Worker('bench', noop, { connection: connect(), concurrency });
});
process.stdout.write(`${JSON.stringify({ lateMs })}\n`);
await worker.close(true);
process.exit(0);
