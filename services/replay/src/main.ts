import { AuthorizationError, connect } from '@nats-io/transport-node';
import { withoutCredentials } from '#libs/addresses';
import { JetStreamEventLog } from '#libs/event-log';
import { NatsRefused, natsOptions } from '#libs/runtime';
import { CommandInvalid, HELP, readCommand } from './command-line.js';
import { readReplaySettings } from './config.js';

const CONNECT_TIMEOUT_MS = 5_000;

const run = commandOrExit();
const settings = readReplaySettings();
const { natsUrl, databaseUrl, shards } = settings;
try {
  const nc = await connect({ ...natsOptions(settings), timeout: CONNECT_TIMEOUT_MS });
  const log = new JetStreamEventLog(nc);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  process.exitCode = await run({ log, shards, databaseUrl, print });
  await nc.close();
} catch (error) {
  const { message } =
    error instanceof AuthorizationError ? new NatsRefused(natsUrl, error) : (error as Error);
  process.stderr.write(`The log at ${withoutCredentials(natsUrl)} could not be read: ${message}\n`);
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
