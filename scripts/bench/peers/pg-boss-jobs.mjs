import pg from 'pg';
import { PgBoss } from 'pg-boss';

/** Fetched and completed together. */
const BATCH = 500;

/** pg-boss over a Postgres: woken by NOTIFY, and without a pause while its batches are full. */
export async function open(connectionString) {
  const boss = new PgBoss({ connectionString, useListenNotify: true });
  boss.on('error', (error) => process.stderr.write(`${error.message}\n`));
  await boss.start();
  if ((await boss.getQueue('bench')) === null) await boss.createQueue('bench', { notify: true });
  const pool = new pg.Pool({ connectionString, max: 1 });
  const count = async (where) => {
    const { rows } = await pool.query(
      `select count(*)::int as count from pgboss.job where name = 'bench' and ${where}`,
    );
    return rows[0].count;
  };
  return {
    add: (index) => boss.send('bench', { index }),
    addMany: (indexes) =>
      boss.insert(
        'bench',
        indexes.map((index) => ({ data: { index } })),
      ),
    work: (_, onStart) =>
      boss.work(
        'bench',
        { batchSize: BATCH, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true },
        async (jobs) => {
          for (const { data } of jobs) onStart(data.index);
        },
      ),
    isDone: async () => (await count("state < 'completed'")) === 0,
    left: async () => ({ what: 'rows', count: await count('true') }),
    close: async () => {
      await boss.stop({ graceful: false });
      await pool.end();
    },
  };
}
