export { credentialIn, newPassword } from './credential.js';
export { embeddedPostgres, isReachableByAll } from './embedded-postgres.js';
export { type FoundBubblewrap, findBubblewrap } from './find-bubblewrap.js';
export { type FoundChromium, findChromium } from './find-chromium.js';
export { findOnPath } from './find-executable.js';
export { type FindNatsOptions, type FoundNats, findNats } from './find-nats.js';
export { freePort } from './free-port.js';
export { type Leash, leash } from './leash.js';
export {
  type NatsServer,
  type NatsServerOptions,
  natsUrl,
  startNatsServer,
} from './nats-server.js';
export { NATS_VERSION_MIN } from './nats-version.js';
export { PartFailed, PartMissing } from './part-missing.js';
export {
  type PostgresServer,
  type PostgresServerOptions,
  postgresUrl,
  startPostgresServer,
} from './postgres-server.js';
export { processIdentity } from './process-identity.js';
