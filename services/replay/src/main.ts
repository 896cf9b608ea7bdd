import { parseArgs } from 'node:util';
import { connect } from '@nats-io/transport-node';
import { JetStreamEventLog } from '#libs/event-log';
import { readReplaySettings } from './config.js';
import { type ReplayContext, replayTrace, replayVerify } from './replay.js';

const HELP = `npm run replay -- COMMAND
  trace EXECUTION   the story of one run, from the log alone
  verify            derive every tick and dispatch commit again, and every read table, and compare
NATS_URL and DATABASE_URL say where; unset, those of the running npm start.
`;
const CONNECT_TIMEOUT_MS = 5_000;

const { positionals } = parseArgs({ allowPositionals: true });
const [command, executionId = ''] = positionals;
const run = choose();
if (run === undefined) {
  process.stderr.write(HELP);
  process.exit(2);
}
const { natsUrl, databaseUrl, shards } = readReplaySettings();
try {
  const nc = await connect({ servers: natsUrl.split(','), timeout: CONNECT_TIMEOUT_MS });
  const log = new JetStreamEventLog(nc);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  process.exitCode = await run({ log, shards, databaseUrl, print });
  await nc.close();
} catch (error) {
  process.stderr.write(`The log at ${natsUrl} could not be read: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

function choose(): ((context: ReplayContext) => Promise<number>) | undefined {
  if (command === 'verify' && positionals.length === 1) return replayVerify;
  if (command === 'trace' && executionId !== '')
    return (context) => replayTrace(context, executionId);
  return undefined;
}
