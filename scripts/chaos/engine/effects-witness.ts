/**
 * A witness outside: a server that writes down each request of an attempt, by the key that the attempt
 * was given for it, into a file of its own that it syncs before it answers.
 *   node effects-witness.ts FILE          says its port
 * The path tells what it answers: `/ok` always 200; `/wobbly` 503 to some attempts; `/broken` 500;
 * `/gone` 404; `/slow` 200 after a while.
 */
import { fsyncSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SystemClock } from '#libs/clock';

const SLOW_MS = 1_500;
/** Of three attempts in a row at `/wobbly` one is answered. */
const WOBBLES = 3;

const STATUS: Readonly<Record<string, number>> = { '/broken': 500, '/gone': 404 };

const [path = ''] = process.argv.slice(2);
const clock = new SystemClock();
const file = openSync(path, 'a');

const server = createServer(async (request, response) => {
  const key = String(request.headers['idempotency-key'] ?? '');
  const at = key.lastIndexOf(':');
  const effect = { executionId: key.slice(0, at), attempt: Number(key.slice(at + 1)) };
  writeSync(file, `${JSON.stringify({ ...effect, seenAtMs: clock.now() })}\n`);
  fsyncSync(file);
  const url = request.url ?? '';
  if (url === '/slow') await clock.sleep(SLOW_MS);
  const wobbles = url === '/wobbly' && effect.attempt % WOBBLES !== 0;
  response.writeHead(wobbles ? 503 : (STATUS[url] ?? 200)).end();
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
