import { constants, setPriority } from 'node:os';
import { runService } from '#libs/runtime';
import { projection } from './projection.js';

// Read tables may be late, bells may not: where both want the same core, the firing path goes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
await runService(projection);
