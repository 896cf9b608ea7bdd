import {
  address,
  addressOr,
  oneOf,
  optionalText,
  port,
  ratio,
  text,
  wholeNumber,
} from './setting-kinds.js';
import type { SettingsOf } from './settings.js';

/** Settings that more than one process knows. The README shows them as a table. */
export const commonSettings = {
  natsUrl: addressOr({
    env: 'NATS_URL',
    schemes: ['nats', 'tls'],
    default: 'nats://127.0.0.1:4222',
    says: 'NATS servers, with commas between them; may carry user and password. `npm start` starts one of its own when unset.',
  }),
  natsToken: optionalText({
    env: 'NATS_TOKEN',
    says: 'Token that NATS lets in with, when the address carries no credential.',
  }),
  natsCredentials: optionalText({
    env: 'NATS_CREDENTIALS',
    says: 'Credentials file of NATS (JWT and seed), when there is neither of the above.',
  }),
  shards: wholeNumber({
    env: 'CARILLON_SHARDS',
    default: 4,
    min: 1,
    max: 1024,
    says: 'Journals that accounts are spread over. Fixed for the life of a log.',
  }),
  streamReplicas: wholeNumber({
    env: 'CARILLON_STREAM_REPLICAS',
    default: 1,
    min: 1,
    max: 5,
    says: 'Copies of each stream: 1 on a laptop, 3 on a cluster.',
  }),
  databaseUrl: address({
    env: 'DATABASE_URL',
    schemes: ['postgres', 'postgresql'],
    says: 'Postgres 15 or newer. `npm start` starts its own 18 when unset.',
  }),
  dataDir: text({
    env: 'CARILLON_DATA_DIR',
    default: '.carillon',
    says: 'Folder for what `npm start` keeps: streams, database, logs.',
  }),
  host: text({
    env: 'CARILLON_HOST',
    default: '127.0.0.1',
    says: 'Address that the gateway listens on.',
  }),
  port: port({
    env: 'CARILLON_PORT',
    default: 7070,
    says: 'Port of the gateway; 0 is any free one.',
  }),
  opsHost: text({
    env: 'CARILLON_OPS_HOST',
    default: '127.0.0.1',
    says: 'Address for `/metrics`, `/healthz` and `/readyz` of each process.',
  }),
  opsPort: port({
    env: 'CARILLON_OPS_PORT',
    default: 0,
    says: 'Port for the same; 0 is any free one, and the log tells which.',
  }),
  clockOffsetMs: wholeNumber({
    env: 'CARILLON_CLOCK_OFFSET_MS',
    default: 0,
    says: "Added to the machine's time, alike in every process: to try out a day to come, such as one of a DST change.",
  }),
  logLevel: oneOf({
    env: 'CARILLON_LOG_LEVEL',
    of: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    says: 'The least important level that is logged.',
  }),
  otlpEndpoint: address({
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    schemes: ['http', 'https'],
    says: 'Where traces go (OTLP over HTTP). Unset: nowhere, and nothing is recorded.',
  }),
  traceRatio: ratio({
    env: 'CARILLON_TRACE_RATIO',
    default: 0.1,
    says: 'Share of executions and requests that are traced, decided by the trace id alone.',
  }),
  chromium: optionalText({
    env: 'CARILLON_CHROMIUM',
    says: 'The browser of browser tasks. Unset: PATH and the usual places.',
  }),
  natsServer: optionalText({
    env: 'CARILLON_NATS_SERVER',
    says: 'The nats-server that `npm start` uses. Unset: PATH, cache, release archive, package.',
  }),
  natsPort: port({
    env: 'CARILLON_NATS_PORT',
    default: 7072,
    says: 'Port of that nats-server; another free one when it is taken.',
  }),
  postgresPort: port({
    env: 'CARILLON_POSTGRES_PORT',
    default: 7073,
    says: 'Port of the Postgres that `npm start` starts; another free one when it is taken.',
  }),
  demoPort: port({
    env: 'CARILLON_DEMO_PORT',
    default: 7074,
    says: 'Port of the site that the demo tasks of `npm start -- --demo` work on; another free one when it is taken at the first of them.',
  }),
};

export type CommonSettings = SettingsOf<typeof commonSettings>;
