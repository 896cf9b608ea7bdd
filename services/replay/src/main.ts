import { connect } from '@nats-io/transport-node';
import { JetStreamEventLog } from '#libs/event-log';
import { CommandInvalid, HELP, readCommand } from './command-line.js';
import { readReplaySettings } from './config.js';

const CONNECT_TIMEOUT_MS = 5_000;

const run = commandOrExit();
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

function commandOrExit() {
  try {
    return readCommand(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof CommandInvalid)) throw error;
    process.stderr.write(`${error.message}\n${HELP}`);
    process.exit(2);
  }
}
