import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { provisionStreams } from '#libs/event-log';
import { findNats, freePort, leash, type NatsServer, startNatsServer } from '#libs/parts';
import { appendTasks } from './append-tasks.ts';
import { backgroundTask } from './schedules.ts';

export interface FullLog {
  readonly server: NatsServer;
  /** Sequence of the last definition. */
  readonly lastSeq: number;
}

/**
 * A log with many definitions. It is written by a server that does not sync: writing it is not what
 * is measured. Then the server that is measured with takes the folder over, and that one syncs.
 */
export async function startFullLog(folder: string, tasks: number): Promise<FullLog> {
  const { binary } = await findNats({ env: process.env });
  const port = await freePort();
  const config = join(folder, 'fill.conf');
  writeFileSync(
    config,
    `host: "127.0.0.1"\nport: ${port}\njetstream { store_dir: ${JSON.stringify(folder)} }\n`,
  );
  const filling = spawn(binary, ['-c', config], { stdio: 'ignore', detached: true });
  if (!filling.pid) throw new Error('the nats-server could not be started');
  const held = leash(filling.pid, { signal: 'KILL', removeFolder: folder });
  const ended = new Promise((resolve) => filling.once('exit', resolve));
  let lastSeq: number;
  try {
    const servers = `nats://127.0.0.1:${port}`;
    const nc = await connect({ servers, waitOnFirstConnect: true, reconnectTimeWait: 50 });
    await provisionStreams(nc, { replicas: 1, shards: 1 });
    lastSeq = await appendTasks(nc, firstTasks(tasks));
    await nc.close();
  } finally {
    held.release();
    filling.kill('SIGTERM');
    await ended;
  }
  const server = await startNatsServer({ binary, folder, temporary: true });
  return { server, lastSeq };
}

function* firstTasks(count: number) {
  for (let place = 0; place < count; place++) yield backgroundTask(place);
}
