export { type ElectorOptions, KvElector, type Term } from './kv-elector.js';
export { LEASE_TIMES, type LeaseTimes } from './lease.js';
