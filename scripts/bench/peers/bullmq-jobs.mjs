import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

/** BullMQ over a Redis; jobs that are done stay, as they do unless they are told to go. */
export async function open(port) {
  const connect = () => new Redis(Number(port), '127.0.0.1', { maxRetriesPerRequest: null });
  const connection = connect();
  const queue = new Queue('bench', { connection });
  let completed = 0;
  let worker;
  return {
    add: (index) => queue.add('noop', { index }),
    addMany: (indexes) =>
      queue.addBulk(indexes.map((index) => ({ name: 'noop', data: { index } }))),
    work: async (concurrency, onStart) => {
      const noop = async ({ data }) => onStart(data.index);
      worker = new Worker('bench', noop, { connection: connect(), concurrency });
      worker.on('completed', () => {
        completed += 1;
      });
      await worker.waitUntilReady();
    },
    isDone: async (count) => completed >= count,
    left: async () => ({ what: 'keys', count: await connection.dbsize() }),
    close: async () => {
      await worker?.close(true);
      await queue.close();
    },
  };
}
