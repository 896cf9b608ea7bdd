export { AddressesDiffer, type NatsAccess, natsAccess } from './nats-access.js';
export { withoutCredentials } from './without-credentials.js';
