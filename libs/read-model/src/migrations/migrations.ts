import type { Migration } from 'kysely/migration';
import * as m0001 from './m0001-read-model.js';
import * as m0002 from './m0002-scheduling.js';
import * as m0003 from './m0003-queues.js';
import * as m0004 from './m0004-dead-letters.js';
import * as m0005 from './m0005-slots-decided.js';
import * as m0007 from './m0007-waits.js';
import * as m0008 from './m0008-cost.js';
import * as m0009 from './m0009-workflows.js';

/** In order of their names; a name that has been released is never changed or taken away. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-read-model': m0001,
  '0002-scheduling': m0002,
  '0003-queues': m0003,
  '0004-dead-letters': m0004,
  '0005-slots-decided': m0005,
  '0007-waits': m0007,
  '0008-cost': m0008,
  '0009-workflows': m0009,
};
