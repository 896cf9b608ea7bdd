/**
 * A witness outside: a process that writes down each tick commit as it sees it, with its hash and
 * the time on its own clock, into a file of its own that it syncs before it goes on.
 *   NATS_URL=... node witness.ts FILE
 */
import { createHash } from 'node:crypto';
import { fsyncSync, openSync, writeSync } from 'node:fs';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { natsAccess } from '#libs/addresses';
import { SystemClock } from '#libs/clock';

const RETRY_MS = 200;
const CONSUME = { expires: 5_000, idle_heartbeat: 1_000 };

const [path = ''] = process.argv.slice(2);
const clock = new SystemClock();
const file = openSync(path, 'a');
const nc = await connect({
  ...natsAccess(process.env['NATS_URL'] ?? ''),
  maxReconnectAttempts: -1,
  reconnectTimeWait: 50,
});
const js = jetstream(nc);

let next = 1;
while (!nc.isClosed()) {
  try {
    const ticks = await js.consumers.get('TICKS', { opt_start_seq: next });
    for await (const { seq, data } of await ticks.consume(CONSUME)) {
      if (seq < next) continue;
      next = seq + 1;
      const hash = createHash('sha256').update(data).digest('hex');
      writeSync(file, `${JSON.stringify({ seq, hash, seenAtMs: clock.now() })}\n`);
      fsyncSync(file);
    }
  } catch {
    // No stream yet, or no leader of it: it will be asked again.
  }
  await clock.sleep(RETRY_MS);
}
