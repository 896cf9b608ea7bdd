import { eventLogContract } from './contract.js';
import { MemoryEventLog } from './memory-event-log.js';

const log = new MemoryEventLog(() => 1_700_000_000_000);
eventLogContract('the memory log', () => log);
