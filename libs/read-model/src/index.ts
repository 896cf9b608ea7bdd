export { type ConnectOptions, connect, DEFAULT_SCHEMA } from './connect.js';
export { migrate } from './migrate.js';
export type * from './tables.js';
